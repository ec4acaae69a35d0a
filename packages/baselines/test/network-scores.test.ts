import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { ReconstructionError } from '../src/autoencoder/reconstruction-error';
import { SelectiveMahalanobis } from '../src/autoencoder/selective-mahalanobis';
import { GaussianScore } from '../src/classifier/gaussian-score';
import { OwnIdScore } from '../src/classifier/own-id-score';
import type { WindowOutputs } from '../src/network-system/network-method';
import golden from './golden/network-scores.json';

const { nClasses, size, nTrain, nTest } = golden.sizes;
const matrix = (name: string, rows: number, columns: number) =>
  Float32Array.from(formulaValues(name, rows * columns));
const windows = (outputs: Float32Array, inputs: Float32Array = outputs): WindowOutputs => ({
  ...{ nWindows: outputs.length / size, outputs, nOutputs: size, inputs: [inputs] },
});
const embeddings = windows(matrix('embeddings', nTest, size));

test.each(golden.ownId)(
  'minus the log softmax at ID $label, s $scale, m $margin, equals NumPy',
  (reference) => {
    const { label, scale, margin, scores } = reference;
    const rule = new OwnIdScore({ weight: matrix('weight', nClasses, size), nClasses, scale, margin });
    expectAllClose(rule.score(embeddings, label), scores, golden.tolerance);
  },
);

test('minus the log-density of the nearest Gaussian equals scikit-learn and SciPy, and is restored', () => {
  const centres = Float32Array.from(golden.centres);
  const noise = formulaValues('train', nTrain * size);
  const train = Float32Array.from(
    { length: nTrain * size },
    (_, i) => 0.25 * Math.fround(noise[i]!) + golden.centres[(Math.floor(i / size) % 2) * size + (i % size)]!,
  );
  const options = { embeddingSize: size, watched: [0], nComponents: 2, regCovar: 1e-3, seed: 0, centres };
  const rule = new GaussianScore({ ...options, fitted: null });
  rule.observe(windows(train), { classIndex: 0 });
  expect(rule.finish()).toEqual([]);
  const scores = rule.score(embeddings, 0);
  expectAllClose(scores, golden.gaussians, { rtol: 1e-4, atol: 1e-4 }); // EM stops at a tolerance; rows are float32
  const restored = new GaussianScore({ ...options, fitted: rule.toArrays() });
  expect(restored.score(embeddings, 0)).toEqual(scores);
  const cut = new Map(
    [...rule.toArrays()].map(([name, { shape, data }]) => [name, { shape, data: data.slice(1) }]),
  );
  expect(() => new GaussianScore({ ...options, fitted: cut })).toThrow(/Gaussians of class 0 must hold/);
});

test('a machine of fewer clips than Gaussians gets fewer, and says so', () => {
  const options = { embeddingSize: size, watched: [0], nComponents: 2, regCovar: 1e-3, seed: 0 };
  const rule = new GaussianScore({ ...options, centres: Float32Array.from(golden.centres), fitted: null });
  rule.observe(windows(matrix('one', 1, size)), { classIndex: 0 });
  expect(rule.finish()).toEqual([expect.stringContaining('it gets 1')]);
  expect(rule.score(embeddings, 0).every(Number.isFinite)).toBe(true);
});

test('the mean squared error of reconstructions equals NumPy', () => {
  const [outputs, inputs] = [matrix('reconstructions', nTrain, size), matrix('inputs', nTrain, size)];
  const scores = new ReconstructionError().score(windows(outputs, inputs));
  expectAllClose(scores.subarray(0, nTest), golden.reconstruction, golden.tolerance);
});

test('the selective Mahalanobis distance equals NumPy, and is restored', () => {
  const [outputs, inputs] = [matrix('reconstructions', nTrain, size), matrix('inputs', nTrain, size)];
  const rule = new SelectiveMahalanobis(size, null);
  for (let first = 0; first < nTrain; first += 4) {
    const rows = (values: Float32Array) => values.slice(first * size, (first + 4) * size);
    const domain = (first / 4) % 2 === 0 ? 'source' : 'target';
    rule.observe(windows(rows(outputs), rows(inputs)), { classIndex: 0, domain });
  }
  rule.finish();
  const doubled = inputs.map((value, i) => outputs[i]! + 2 * (value - outputs[i]!));
  const tests = windows(outputs.slice(0, nTest * size), doubled.slice(0, nTest * size));
  expectAllClose(rule.score(tests), golden.selectiveMahalanobis, { rtol: 1e-5, atol: 1e-6 });
  expect(new SelectiveMahalanobis(size, rule.toArrays()).score(tests)).toEqual(rule.score(tests));
  expect(() => new SelectiveMahalanobis(size, new Map())).toThrow(/covariance must be there/);
});
