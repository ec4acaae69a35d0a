import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { list, positiveInteger, usageError } from './options.mjs';

const MAX_SEED = 1_000_000;

/** The arguments of bench/training.mjs. Throws with the code of parseArgs' errors for arguments that make no sense. */
export function parseTrainingOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', multiple: true, default: [] },
      'machine-type': { type: 'string' },
      preset: { type: 'string', default: 'quick' },
      config: { type: 'string' },
      epochs: { type: 'string' },
      seeds: { type: 'string', default: '0,1,2,3,4' },
      threads: { type: 'string', default: '1' },
      out: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const isHelp = values.help;
  if (!isHelp && values.data.length === 0) throw usageError('--data must name a folder of recordings.');
  if (!isHelp && values['machine-type'] === undefined) throw usageError('--machine-type must name a type.');
  return {
    isHelp,
    data: values.data,
    machineType: values['machine-type'],
    preset: values.preset,
    overrides: values.config === undefined ? {} : JSON.parse(readFileSync(values.config, 'utf8')),
    nEpochs: values.epochs === undefined ? undefined : positiveInteger('--epochs', values.epochs),
    seeds: list(values.seeds).map(seed),
    threads: positiveInteger('--threads', values.threads),
    outFile: values.out,
    isBuilt: !values['no-build'],
  };
}

function seed(text) {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= 0 && value <= MAX_SEED) return value;
  throw usageError(`--seeds must hold whole numbers from 0 to ${MAX_SEED}, got ${text}.`);
}
