// Milliseconds a sample of a forward and backward pass, and of embeddings, plain and fused. Run: npm run bench
import '@tensorflow/tfjs-backend-wasm';
import {
  customGrad,
  dispose,
  mul,
  onesLike,
  randomNormal,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  type Tensor4D,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { createExtractor, fuseForInference } from '../src';

const N_RUNS = 5;
const SIZES: readonly { inputShape: [number, number]; batch: number }[] = [
  { inputShape: [224, 126], batch: 8 },
  { inputShape: [128, 63], batch: 16 },
  { inputShape: [64, 63], batch: 16 },
  { inputShape: [64, 32], batch: 32 },
];

/** Sum of all values, with a gradient of its own. */
const total = customGrad((x) => ({
  value: sum(x as Tensor),
  gradFunc: (dy: Tensor) => mul(onesLike(x as Tensor), dy),
}));

function median(run: () => void): number {
  run(); // warm up
  const times = Array.from({ length: N_RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[Math.floor(N_RUNS / 2)] as number;
}

await setBackend('wasm');
console.log('input      batch  forward + backward   embed   embed, fused   (ms a sample, median)');
for (const { inputShape, batch } of SIZES) {
  const extractor = createExtractor({ nMachineIds: 4, inputShape });
  const fused = fuseForInference(extractor);
  const x: Tensor4D = randomNormal([batch, ...inputShape, 1]);
  const step = median(() => {
    const loss = (): Scalar => total(extractor.forward(x, { training: true }).idLogits as Tensor) as Scalar;
    const { value, grads } = variableGrads(loss, extractor.variables);
    value.dataSync();
    value.dispose();
    dispose(grads);
  });
  const embed = median(() => tidy(() => void extractor.embed(x).dataSync()));
  const embedFused = median(() => tidy(() => void fused.embed(x).dataSync()));
  const cells = [step, embed, embedFused].map((ms) => (ms / batch).toFixed(1).padStart(12));
  console.log(`${inputShape.join(' x ').padEnd(10)} ${String(batch).padStart(5)} ${cells.join(' ')}`);
  x.dispose();
  fused.dispose();
  extractor.dispose();
}
