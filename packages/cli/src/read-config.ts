import { readFile } from 'node:fs/promises';
import type { PresetName, SerialOeConfigOverrides } from '@serial-oe/serial-oe';
import type { Arguments } from './arguments';

/** The preset that is asked for. */
export function readPreset(args: Arguments): PresetName | undefined {
  return args.oneOf('preset', ['quick', 'paper', 'reference']);
}

/** Changes to the preset: those of `--config`, then those of the flags that the command has. */
export async function readConfig(args: Arguments): Promise<SerialOeConfigOverrides> {
  const file = args.text('config');
  const config: SerialOeConfigOverrides = file === undefined ? {} : await readJson(args, file);
  const nEpochs = args.integer('epochs', 1);
  const batchSize = args.integer('batch-size', 2);
  const microBatchSize = args.text('micro-batch') === 'auto' ? 'auto' : args.integer('micro-batch', 2);
  const seed = args.integer('seed', 0);
  if (batchSize !== undefined && batchSize % 2 !== 0) {
    throw args.usage(`--batch-size must be even, half of it normal chunks, got ${batchSize}.`);
  }
  return {
    ...config,
    ...(seed !== undefined && { seed }),
    ...(nEpochs !== undefined && { optimization: { ...config.optimization, nEpochs } }),
    ...((batchSize !== undefined || microBatchSize !== undefined) && {
      batch: {
        ...config.batch,
        ...(batchSize !== undefined && { nNormal: batchSize / 2, nOutliers: batchSize / 2 }),
        ...(microBatchSize !== undefined && { microBatchSize }),
      },
    }),
  };
}

async function readJson(args: Arguments, file: string): Promise<SerialOeConfigOverrides> {
  let config: unknown;
  try {
    config = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw args.usage(`--config must name a JSON file, got ${file}: ${(cause as Error).message}`);
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  throw args.usage(
    `--config must hold a JSON object such as {"loss": {"alpha": 5}}, got ${JSON.stringify(config).slice(0, 40)} in ${file}.`,
  );
}
