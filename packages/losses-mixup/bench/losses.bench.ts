// Time of each loss with its gradient, of Mixup and of one epoch of the sampler, at the paper's sizes: batches of 128,
// 7 machine IDs, embeddings of 128, chunks of 2 s at 16 kHz. Run: npm run bench
import {
  memory,
  ready,
  type Scalar,
  setBackend,
  type Tensor,
  tensor,
  tensor2d,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  applyMixup,
  arcFaceLoss,
  BalancedBatchSampler,
  crossEntropyIdLoss,
  idLoss,
  outlierExposureLoss,
  SubClusterAdaCos,
  sampleMixup,
} from '../src/index';

const BATCH = 128;
const N_IDS = 7;
const EMBEDDING_SIZE = 128;
const N_RUNS = 50;

/** Uniform numbers from a fixed sequence (Weyl). */
function weyl(): () => number {
  let state = 0.5;
  return () => {
    state = (state + Math.SQRT2 - 1) % 1;
    return state;
  };
}

const wave = (shape: number[], phase: number): Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(0.7 * i + phase)),
    shape,
  );
};

function report(name: string, nRuns: number, run: () => number): void {
  run(); // warm up
  const start = performance.now();
  let checksum = 0;
  for (let i = 0; i < nRuns; i++) checksum += run();
  const milliseconds = (performance.now() - start) / nRuns;
  console.log(`${name.padEnd(34)} ${milliseconds.toFixed(3)} ms   (${checksum.toPrecision(4)})`);
}

for (const backend of ['wasm', 'cpu']) {
  await setBackend(backend);
  await ready();
  const half = Float32Array.from({ length: BATCH }, (_, i) => (i < BATCH / 2 ? 1 : 0));
  const hot = Float32Array.from({ length: BATCH * N_IDS }, (_, k) => {
    const sample = Math.floor(k / N_IDS);
    return sample < BATCH / 2 && sample % N_IDS === k % N_IDS ? 1 : 0;
  });
  const y = tensor(half);
  const targets = tensor2d(hot, [BATCH, N_IDS]);
  const [typeLogits, idLogits] = [wave([BATCH], 0), wave([BATCH, N_IDS], 1)];
  const embedding = wave([BATCH, EMBEDDING_SIZE], 2);
  const centres = wave([N_IDS, EMBEDDING_SIZE], 3);
  const adaCos = new SubClusterAdaCos({ nClasses: N_IDS, embeddingSize: EMBEDDING_SIZE, random: weyl() });
  const before = memory().numTensors;

  const withGradient = (name: string, loss: (...inputs: Tensor[]) => Scalar, inputs: Tensor[]) =>
    report(`${name} on ${backend}`, N_RUNS, () =>
      tidy(() => {
        const { value, grads } = valueAndGrads(loss)(inputs);
        for (const gradient of grads) gradient.dataSync();
        return value.dataSync()[0] as number;
      }),
    );
  withGradient('idLoss', (x) => idLoss(x!, targets), [idLogits]);
  withGradient('crossEntropyIdLoss', (x) => crossEntropyIdLoss(x!, targets), [idLogits]);
  withGradient('arcFaceLoss', (e, w) => arcFaceLoss(e!, w!, targets), [embedding, centres]);
  withGradient('SubClusterAdaCos', (e) => adaCos.loss(e!, targets, { training: true }), [embedding]);
  withGradient(
    'outlierExposureLoss',
    (a, b) => outlierExposureLoss({ typeLogits: a!, idLogits: b!, y, targets }),
    [typeLogits, idLogits],
  );
  console.log(`tensors left over: ${memory().numTensors - before}`);
  adaCos.dispose();
}

const CHUNK = 32_000;
const random = weyl();
const waveforms = Float32Array.from({ length: BATCH * CHUNK }, (_, i) => Math.sin(0.01 * i));
const labels = new Float32Array(BATCH).fill(1);
report('sampleMixup + applyMixup', 10, () => {
  const mixed = applyMixup({ waveforms, y: labels }, sampleMixup(BATCH, { random }));
  return mixed.waveforms[5] as number;
});
const sampler = new BalancedBatchSampler({ random });
report('one epoch, 7,000 + 33,000 clips', 10, () => {
  const batches = sampler.epoch({ nNormalClips: 7000, nPseudoAnomalousClips: 33_000 });
  return batches.at(-1)?.normal[0] as number;
});
