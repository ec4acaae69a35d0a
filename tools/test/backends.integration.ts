// One trained model and one training step on every runtime that is here, in Node and in Chromium, against cpu in Node.
import '@tensorflow/tfjs-backend-wasm';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { TINY_CONFIG, tinyDataset } from '../../packages/serial-oe/test/support/tiny-dataset';
import type { JobAnswer, RuntimeName } from '../backends/job';
import { type JobOptions, jobOf, type Prepared, prepareJobs } from '../backends/prepare';
import { RuntimeMissingError, runJobInNode } from '../backends/start-node';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';
import { type JobPage, openJobPage } from '../backends/web/open-page';
import { ROOT } from './repository';

/** Beside the repository, where there is one: real clips of DCASE2020 Task 2 and MIMII, under licences of their own. */
const REAL_DATA = ['dcase2020-mini', 'mimii-fan'].map((name) => resolve(ROOT, '..', 'shared', 'data', name));
const isReal = REAL_DATA.every(existsSync);
if (!isReal) process.stderr.write(`SYNTHETIC clips instead of real ones: none at ${REAL_DATA.join(', ')}\n`);

/**
 * Long enough for embeddings that differ from clip to clip; those of an untrained network would hide any difference. The seed
 * draws weights with which the distances behind the scores stay small: those of a million nats double the rounding of float32.
 */
const CONFIG = { ...TINY_CONFIG, seed: 2, optimization: { nEpochs: 30 } };

const N_CLIPS = 20;
/** WebGPU on a CPU takes seconds a clip. */
const N_CLIPS_ON_WEBGPU = 2;

/** Scores are those of cpu in Node to this, relative; in nats where a score is near zero. */
const SCORES = { rtol: 1e-4, atol: 1e-4 };
/** Scores of the reference must differ by this share, for the tolerance to mean something. */
const MIN_SPREAD = 0.05;
/** The second loss comes after an update, in which AdamW gives the smallest gradients the weight of the largest. */
const LOSSES = { rtol: 1e-3, atol: 0 };
/** Of the largest value of a tensor. The cpu backend itself adds up in another order than the others. */
const GRADIENTS = 1e-3;

/** Minutes pass while a CPU compiles WebGPU's shaders. */
const TIMEOUT = 900_000;

interface Case {
  runtime: RuntimeName;
  isTrained: boolean;
  nClips: number;
}

const toCase = (runtime: RuntimeName): Case => ({
  runtime,
  isTrained: (['wasm-plain', 'wasm-simd', 'tfjs-node', 'webgpu'] as RuntimeName[]).includes(runtime),
  nClips: runtime === 'webgpu' ? N_CLIPS_ON_WEBGPU : N_CLIPS,
});

/** False, and a word on stderr, for runtimes whose package or device is missing. */
function isThere(runtime: RuntimeName): boolean {
  try {
    runJobInNode(ROOT, { runtime, bundle: null, clips: [], training: null });
    return true;
  } catch (error) {
    if (!(error instanceof RuntimeMissingError)) throw error;
    process.stderr.write(`SKIPPED ${runtime} in Node: ${error.message}\n`);
    return false;
  }
}

const OPTIONAL = (['tfjs-node', 'webgpu', 'onnxruntime-node'] as const).filter(isThere);
const IN_NODE = (['wasm-plain', 'wasm-fused', 'wasm-simd', 'onnxruntime-web', ...OPTIONAL] as const).map(
  toCase,
);
const IN_CHROMIUM = (
  ['cpu', 'wasm-plain', 'wasm-fused', 'wasm-simd', 'onnxruntime-web', 'webgpu'] as const
).map(toCase);
/** tfjs takes its threaded build there, whose memory is shared. */
const IN_ISOLATED_PAGE = (['wasm-fused', 'wasm-simd'] as const).map(toCase);

const executablePath = findChromium();
if (executablePath === null) process.stderr.write(`SKIPPED all runtimes in Chromium: ${NO_CHROMIUM}\n`);
const describeWithChromium = executablePath === null ? describe.skip : describe;

let prepared: Prepared;
let cpu: JobAnswer;

const job = ({ runtime, isTrained, nClips }: Case, place: string) =>
  jobOf(prepared, { place, runtime, nClips, training: isTrained ? 'compared' : 'none' } satisfies JobOptions);

function expectAnswerOfCpu(answer: JobAnswer, { isTrained, nClips }: Case): void {
  const expected = cpu.scores.slice(0, nClips);
  expectAllClose(answer.scores, expected, SCORES);
  if (!isTrained) return;
  expectAllClose(answer.training!.losses, cpu.training!.losses, LOSSES);
  expect(answer.training!.gradientDifference).toBeLessThan(GRADIENTS);
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-backends-'));
  const dataset = isReal
    ? mergeDatasets(REAL_DATA.map((path) => scanDataset(path)))
    : tinyDataset({ nTest: 5 });
  prepared = await prepareJobs(folder, { dataset, machineType: 'fan', config: CONFIG, nClips: N_CLIPS });
  cpu = runJobInNode(ROOT, jobOf(prepared, { place: `${folder}/`, runtime: 'cpu', training: 'reference' }));
}, TIMEOUT);
afterAll(() => rmSync(prepared.folder, { recursive: true }));

describe('cpu in Node, the reference', () => {
  it('has scores that differ from clip to clip, and losses that go down', () => {
    const [lowest, highest] = [Math.min(...cpu.scores), Math.max(...cpu.scores)];
    expect(highest - lowest).toBeGreaterThan(MIN_SPREAD * Math.abs(lowest)); // NaN fails
    const [first, second] = cpu.training!.losses as [number, number];
    expect(second).toBeLessThan(first);
  });
});

describe('in Node', () => {
  it.each(IN_NODE)(
    '$runtime scores as cpu does (and trains: $isTrained)',
    (each) => {
      expectAnswerOfCpu(runJobInNode(ROOT, job(each, `${prepared.folder}/`)), each);
    },
    TIMEOUT,
  );
});

describeWithChromium.each([
  { isIsolated: false, cases: IN_CHROMIUM },
  { isIsolated: true, cases: IN_ISOLATED_PAGE },
])('in Chromium, cross-origin isolated: $isIsolated', ({ isIsolated, cases }) => {
  let page: JobPage;
  beforeAll(async () => {
    const { folder: dataFolder } = prepared;
    page = await openJobPage({ root: ROOT, executablePath: executablePath!, dataFolder, isIsolated });
  });
  afterAll(() => page?.close());

  it('is what it is called', () => expect(page.isIsolated).toBe(isIsolated));

  it.each(cases)(
    '$runtime scores as cpu does in Node (and trains: $isTrained)',
    async (each) => {
      const answer = await page.run(job(each, '/data/'));
      expectAnswerOfCpu(answer, each);
      // An isolated page gets the threaded build of tfjs, and our kernels its shared memory.
      if (each.runtime === 'wasm-simd') {
        expect(answer.computedBy).toMatch(
          isIsolated ? /^wasm, wasm-(relaxed-)?simd, threaded$/ : /^wasm, wasm-(relaxed-)?simd$/,
        );
      }
    },
    TIMEOUT,
  );
});
