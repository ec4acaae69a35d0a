import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  memory,
  type Scalar,
  setBackend,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  type Variable,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { reconstructionLoss } from '../src/autoencoder/reconstruction-loss';
import { classTargets } from '../src/classifier/class-targets';
import { centroidLoss } from '../src/ddcsad-style/centroid-loss';
import { kernelPenalty } from '../src/scadacos/kernel-penalty';
import { OddsScore } from '../src/ssc/odds-score';
import { AUGMENTATIONS, augmentSpectrogram } from '../src/ssc/spectrogram-augmentation';
import golden from './golden/network-losses.json';
import scores from './golden/network-scores.json';

const { batch, size } = golden.sizes;
const matrix = (name: string, rows: number, columns: number) =>
  tensor2d(Float32Array.from(formulaValues(name, rows * columns)), [rows, columns]);

function expectReference(
  loss: (...inputs: Tensor[]) => Scalar,
  inputs: Tensor[],
  reference: { loss: number; gradients: number[][] },
): void {
  const { value, grads } = valueAndGrads(loss)(inputs);
  expectAllClose(value.dataSync(), [reference.loss], golden.tolerance);
  for (const [i, expected] of reference.gradients.entries())
    expectAllClose(grads[i]!.dataSync() as Float32Array, expected, golden.tolerance);
}

describe.each(['cpu', 'wasm'])('losses on %s equal PyTorch', (backend) => {
  beforeAll(() => setBackend(backend));

  it.each(['centroid', 'reconstruction', 'penalty'] as const)('%s', (name) => {
    const before = memory().numTensors;
    tidy(() => {
      const x = matrix('x', batch, size);
      if (name === 'centroid') {
        const isOwn = classTargets(Int32Array.from(golden.labels), 2);
        const loss = (e?: Tensor, c?: Tensor) =>
          centroidLoss(e as Tensor2D, c as Tensor2D, { isOwn, margin: golden.margin });
        expectReference(loss, [x, matrix('centroids', 2, size)], golden.centroid);
      } else if (name === 'reconstruction') {
        const y = matrix('y', batch, size);
        expectReference((r?: Tensor) => reconstructionLoss(r!, y), [x], golden.reconstruction);
      } else {
        const loss = (...kernels: Tensor[]) => kernelPenalty(kernels as Variable[], golden.factor);
        expectReference(loss, [x, matrix('kernel', 3, 2)], golden.penalty);
      }
    });
    expect(memory().numTensors).toBe(before);
  });
});

test.each(scores.oddsAgainst.map((expected, k) => [k, expected] as const))(
  'log((1 - p) / p) of class %s equals NumPy',
  (k, expected) => {
    const { nClasses, nTest } = scores.sizes;
    const outputs = Float32Array.from(formulaValues('logits', nTest * nClasses), (value) => 3 * value);
    const windows = { nWindows: nTest, outputs, nOutputs: nClasses, inputs: [] };
    expectAllClose(new OddsScore(1).score(windows, k), expected, { rtol: 1e-5, atol: 1e-5 });
  },
);

test('targets of mixed samples hold both classes, also where they are one', () => {
  const mixing = { lambda: Float32Array.of(0.75, 0.25), partners: Int32Array.of(1, 1) };
  expect(Array.from(classTargets(Int32Array.of(0, 1), 2, mixing).dataSync())).toEqual([0.75, 0.25, 0, 1]);
});

test('augmentations reverse frames and move bands', () => {
  const image = [1, 2, 3, 4, 5, 6]; // 2 frames of 3 bands
  const changed = AUGMENTATIONS.map((name) => {
    const copy = Float32Array.from(image);
    augmentSpectrogram(copy, name, { nFrames: 2, nMels: 3, nBands: 1 });
    return Array.from(copy);
  });
  expect(changed).toEqual([
    [1, 2, 3, 4, 5, 6],
    [4, 5, 6, 1, 2, 3],
    [1, 1, 2, 4, 4, 5],
    [2, 3, 3, 5, 6, 6],
  ]);
});
