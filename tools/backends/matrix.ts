// `npm run backends`: one trained model on the same clips on every runtime that is here; the table in docs/backends.md.
import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Dataset,
  DCASE2020_MACHINE_TYPES,
  type Dcase2020MachineType,
  mergeDatasets,
  synthesizeMachineSounds,
} from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import { type Job, type JobAnswer, RUNTIMES, type RuntimeName } from './job';
import { largestDifference, matrixTable, type Outcome, replaceTable } from './matrix-table';
import { jobOf, type Prepared, prepareJobs, prepareJobsOf } from './prepare';
import { RuntimeMissingError, runJobInNode } from './start-node';
import { findChromium, NO_CHROMIUM } from './web/chromium';
import { openJobPage } from './web/open-page';

const HELP = `npm run backends -- OPTIONS             after npm run build
  --data DIR            recordings (may be given several times); default: synthetic sounds
  --machine-type TYPE   default fan
  --model BUNDLE        default: one of the quick preset, trained on the data for --epochs
  --epochs N            default: the preset's
  --clips N             test clips to score, default 20
  --webgpu-clips N      on WebGPU, which takes seconds a clip without a GPU; default --clips
  --only NAME,..        of ${RUNTIMES.join(', ')}; cpu in Node always runs
  --write               put the table into docs/backends.md
Exit code 1 where a runtime fails, or differs from cpu in Node by more than 1e-4; one that is missing is no failure.`;

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PAGE = join(ROOT, 'docs', 'backends.md');
/** Largest relative difference of a score. */
const TOLERANCE = 1e-4;
/** Of the scores of the reference, as a share of the lowest. */
const MIN_SPREAD = 0.05;
const IN_CHROMIUM = RUNTIMES.filter((name) => !name.endsWith('-node'));

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true, default: [] },
    'machine-type': { type: 'string', default: 'fan' },
    model: { type: 'string' },
    epochs: { type: 'string' },
    clips: { type: 'string', default: '20' },
    'webgpu-clips': { type: 'string' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const only = values.only?.split(',');
const unknown = only?.find((name) => !(RUNTIMES as readonly string[]).includes(name));
if (unknown !== undefined) {
  console.error(`--only must name some of ${RUNTIMES.join(', ')}, got ${unknown}.`);
  process.exit(2);
}
const nClips = count('clips', values.clips);
const nWebGpuClips = count('webgpu-clips', values['webgpu-clips'] ?? values.clips);
const nEpochs = values.epochs === undefined ? undefined : count('epochs', values.epochs);
const isWanted = (runtime: RuntimeName) => only?.includes(runtime) ?? true;

const folder = mkdtempSync(join(tmpdir(), 'serial-oe-matrix-'));
try {
  const prepared = await prepare();
  const toJob = (runtime: RuntimeName, place: string) =>
    jobOf(prepared, { place, runtime, nClips: runtime === 'webgpu' ? nWebGpuClips : nClips });
  const [cpu, ...others] = inNode(toJob);
  if (cpu?.answer === undefined) throw cpu?.error;
  checkSpread(cpu.answer.scores);
  const outcomes = [cpu, ...others, ...(await inChromium(toJob))];
  const processor = cpus()[0]?.model ?? 'unknown processor';
  const table = matrixTable(outcomes, {
    cpu: cpu.answer,
    machine: `${processor}, ${availableParallelism()} cores, Node ${process.version}`,
    sounds: values.data.length > 0 ? 'real recordings' : 'synthetic sounds',
  });
  console.log(table);
  if (values.write) writeFileSync(PAGE, replaceTable(readFileSync(PAGE, 'utf8'), table));
  for (const { place, runtime, answer, error } of outcomes) {
    if (error instanceof RuntimeMissingError) continue;
    if (answer && largestDifference(answer, cpu.answer) <= TOLERANCE) continue;
    console.error(`${runtime} in ${place} failed: ${error?.message ?? 'other scores than cpu'}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** A model that scores all clips alike would hide what the runtimes do differently. */
function checkSpread(scores: readonly number[]): void {
  const [lowest, highest] = [Math.min(...scores), Math.max(...scores)];
  if (highest - lowest > MIN_SPREAD * Math.abs(lowest)) return;
  throw new Error(
    `backends: the model must tell clips apart, got scores from ${lowest} to ${highest}. Train it for more --epochs.`,
  );
}

async function prepare(): Promise<Prepared> {
  const machineType = values['machine-type'];
  const others = DCASE2020_MACHINE_TYPES.filter((type) => type !== machineType).slice(0, 1);
  const machineTypes = [machineType as Dcase2020MachineType, ...others]; // others are refused by name
  const dataset: Dataset =
    values.data.length > 0
      ? mergeDatasets(values.data.map((path) => scanDataset(path)))
      : { clips: synthesizeMachineSounds({ machineTypes, nIds: 2, nTrain: 6, nTest: 5 }) };
  if (values.model !== undefined) return prepareJobsOf(folder, { model: values.model, dataset, nClips });
  console.error('training ...');
  const config = nEpochs === undefined ? {} : { optimization: { nEpochs } };
  return prepareJobs(folder, { dataset, machineType, config, nClips });
}

function inNode(toJob: (runtime: RuntimeName, place: string) => Job): Outcome[] {
  return RUNTIMES.filter((runtime) => runtime === 'cpu' || isWanted(runtime)).map((runtime) => {
    console.error(`${runtime} in Node ...`);
    return { place: 'Node', runtime, ...attempt(() => runJobInNode(ROOT, toJob(runtime, `${folder}/`))) };
  });
}

async function inChromium(toJob: (runtime: RuntimeName, place: string) => Job): Promise<Outcome[]> {
  const runtimes = IN_CHROMIUM.filter(isWanted);
  const executablePath = findChromium();
  if (executablePath === null) {
    const error = new RuntimeMissingError(NO_CHROMIUM);
    return runtimes.map((runtime) => ({ place: 'Chromium', runtime, error }));
  }
  const outcomes: Outcome[] = [];
  const page = await openJobPage({ root: ROOT, executablePath, dataFolder: folder });
  try {
    for (const runtime of runtimes) {
      console.error(`${runtime} in ${page.browser} ...`);
      const outcome = await page.run(toJob(runtime, '/data/')).then(
        (answer) => ({ answer }),
        (error: Error) => ({ error }),
      );
      outcomes.push({ place: page.browser, runtime, ...outcome });
    }
  } finally {
    await page.close();
  }
  return outcomes;
}

/** A runtime that fails does not stop the others. */
function attempt(run: () => JobAnswer): Pick<Outcome, 'answer' | 'error'> {
  try {
    return { answer: run() };
  } catch (error) {
    return { error: error as Error };
  }
}

function count(name: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  console.error(`--${name} must be an integer of at least 1, got ${text}.`);
  process.exit(2);
}
