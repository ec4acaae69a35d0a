import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  customGrad,
  dispose,
  fill,
  type GradSaveFunc,
  grads,
  memory,
  mul,
  oneHot,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  valueAndGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import {
  arcFaceLoss,
  crossEntropyIdLoss,
  type IdLossOptions,
  idLoss,
  type OutlierExposureLossOptions,
  outlierExposureLoss,
  outlierExposureLossParts,
  typeLoss,
  weightedSum,
} from '../src/index';
import golden from './golden/losses.json';
import { BACKENDS, useBackend } from './use-backend';

const { batch, nClasses, embeddingSize } = golden.sizes;
type LabelKind = keyof typeof golden.labels;
type Loss = (...inputs: Tensor[]) => Scalar;

interface Reference {
  labels: string;
  loss: number;
  gradients: number[][];
}

const makeY = (kind: string) => tensor1d(golden.labels[kind as LabelKind].y);
const makeTargets = (kind: string) => tensor2d(golden.labels[kind as LabelKind].targets, [batch, nClasses]);

/** Compares value and gradients; a gradient's absolute tolerance is relative to its largest value. */
function expectReference(loss: Loss, inputs: Tensor[], reference: Reference): void {
  const { value, grads: gradients } = valueAndGrads(loss)(inputs);
  expectAllClose(value.dataSync(), [reference.loss], golden.tolerance);
  reference.gradients.forEach((expected, i) => {
    expect(gradients[i]?.shape).toEqual(inputs[i]?.shape);
    const largest = Math.max(...expected.map(Math.abs));
    expectAllClose(gradients[i]?.dataSync() as Float32Array, expected, { rtol: 1e-5, atol: 1e-5 * largest });
  });
}

/** Central differences along each coordinate, in float32: h = 1e-2 balances rounding and curvature. */
function expectCentralDifferences(loss: Loss, inputs: Tensor[]): void {
  const gradients = grads(loss)(inputs);
  inputs.forEach((input, k) => {
    const values = input.dataSync();
    const evaluate = (i: number, delta: number) => {
      const moved = Float32Array.from(values);
      moved[i] = (moved[i] as number) + delta;
      const others = inputs.map((other, j) => (j === k ? tensor(moved, input.shape) : other));
      return loss(...others).dataSync()[0] as number;
    };
    const differences = Array.from(values, (_, i) => (evaluate(i, 1e-2) - evaluate(i, -1e-2)) / 2e-2);
    expectAllClose(gradients[k]?.dataSync() as Float32Array, differences, { rtol: 2e-3, atol: 2e-4 });
  });
}

/** Runs a test in a tidy and asserts that it leaves no tensor behind. */
function withoutLeak(run: () => void): void {
  const before = memory().numTensors;
  tidy(run);
  expect(memory().numTensors).toBe(before);
}

const describeCase = ({ labels, options }: { labels: string; options?: object }) =>
  `${labels} ${JSON.stringify(options ?? {})}`;
const titled = <C extends { labels: string; options?: object }>(cases: C[]): [string, C][] =>
  cases.map((c) => [describeCase(c), c]);

describe.each(BACKENDS)('losses on %s equal PyTorch', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(titled(golden.cases.typeLoss))('typeLoss, %s', (_, reference) => {
    withoutLeak(() => {
      const y = makeY(reference.labels);
      expectReference((x) => typeLoss(x as Tensor, y), [tensor1d(reference.logits)], reference);
    });
  });

  test.each(titled(golden.cases.idLoss))('idLoss, %s', (_, reference) => {
    withoutLeak(() => {
      const targets = makeTargets(reference.labels);
      const options = reference.options as IdLossOptions;
      const logits = tensor2d(golden.idLogits, [batch, nClasses]);
      expectReference((x) => idLoss(x as Tensor, targets, options), [logits], reference);
    });
  });

  test.each(titled(golden.cases.crossEntropyIdLoss))('crossEntropyIdLoss, %s', (_, reference) => {
    withoutLeak(() => {
      const targets = makeTargets(reference.labels);
      const options = reference.options as { weighting: 'equal' | 'target' };
      const logits = tensor2d(golden.idLogits, [batch, nClasses]);
      expectReference((x) => crossEntropyIdLoss(x as Tensor, targets, options), [logits], reference);
    });
  });

  test.each(titled(golden.cases.arcFaceLoss))('arcFaceLoss, %s', (_, reference) => {
    withoutLeak(() => {
      const targets = makeTargets(reference.labels);
      const options = reference.options as { scale: number; margin: number; weighting: 'equal' | 'target' };
      const embedding = tensor2d(golden.embedding, [batch, embeddingSize]);
      const weight = tensor2d(golden.weight, [nClasses, embeddingSize]);
      const loss: Loss = (e, w) => arcFaceLoss(e as Tensor, w as Tensor, targets, options);
      expectReference(loss, [embedding, weight], reference);
    });
  });

  test.each(titled(golden.cases.outlierExposureLoss))('outlierExposureLoss, %s', (_, reference) => {
    withoutLeak(() => {
      const y = makeY(reference.labels);
      const targets = makeTargets(reference.labels);
      const options = reference.options as OutlierExposureLossOptions & { alpha: number };
      const inputs = [tensor1d(golden.typeLogits), tensor2d(golden.idLogits, [batch, nClasses])];
      // what is left out is not connected to the loss: differentiate by the rest
      const isUsed = [!('useTypeLoss' in options), options.alpha > 0];
      const used = inputs.filter((_, i) => isUsed[i]);
      const loss: Loss = (...differentiated) => {
        const rest = [...differentiated];
        const [typeLogits, idLogits] = inputs.map((input, i) => (isUsed[i] ? rest.shift() : input));
        return outlierExposureLoss({ typeLogits: typeLogits as Tensor, idLogits, y, targets }, options);
      };
      const gradients = reference.gradients.filter((_, i) => isUsed[i]);
      expectReference(loss, used, { ...reference, gradients });
    });
  });

  test('gradients equal central differences', () => {
    withoutLeak(() => {
      for (const kind of ['hard', 'mixed', 'outliers']) {
        const y = makeY(kind);
        const targets = makeTargets(kind);
        const typeLogits = tensor1d(golden.typeLogits);
        const idLogits = tensor2d(golden.idLogits, [batch, nClasses]);
        const weight = tensor2d(golden.weight, [nClasses, embeddingSize]);
        const embedding = tensor2d(golden.embedding, [batch, embeddingSize]);
        expectCentralDifferences((x) => typeLoss(x as Tensor, y), [typeLogits]);
        expectCentralDifferences((x) => idLoss(x as Tensor, targets), [idLogits]);
        expectCentralDifferences((x) => idLoss(x as Tensor, targets, { normalization: 'all' }), [idLogits]);
        expectCentralDifferences((x) => crossEntropyIdLoss(x as Tensor, targets), [idLogits]);
        expectCentralDifferences(
          (e, w) => arcFaceLoss(e as Tensor, w as Tensor, targets, { scale: 2, margin: 0.3 }),
          [embedding, weight],
        );
        expectCentralDifferences(
          (a, b) => outlierExposureLoss({ typeLogits: a as Tensor, idLogits: b, y, targets }, { alpha: 0.5 }),
          [typeLogits, idLogits],
        );
      }
    });
  });

  test('labels made inside the differentiated function may be freed before the backward pass', () => {
    withoutLeak(() => {
      const loss: Loss = (x) => tidy(() => typeLoss(x as Tensor, makeY('hard')));
      const reference = golden.cases.typeLoss[0] as Reference & { logits: number[] };
      expectReference(loss, [tensor1d(reference.logits)], reference);
    });
  });

  test('integer targets, as oneHot makes them, count as numbers', () => {
    withoutLeak(() => {
      const logits = tensor2d([1, -2, 0.5, 3], [2, 2]);
      const integers = oneHot(tensor1d([1, 0], 'int32'), 2);
      const floats = tensor2d([0, 1, 1, 0], [2, 2]);
      for (const loss of [idLoss, crossEntropyIdLoss]) {
        expect(loss(logits, integers).dataSync()).toEqual(loss(logits, floats).dataSync());
      }
    });
  });
});

describe('special cases', () => {
  beforeAll(() => useBackend('cpu'));

  test('typeLoss by hand, and linear where the logit is large', () => {
    withoutLeak(() => {
      // log(1 + e^0) = log 2 for both; -log sigmoid(-200) = 200, the other is 0
      expectAllClose(typeLoss(tensor1d([0, 0]), tensor1d([1, 0])).dataSync(), [Math.LN2], {
        rtol: 1e-6,
        atol: 0,
      });
      expectAllClose(typeLoss(tensor1d([-200, -200]), tensor1d([1, 0])).dataSync(), [100], {
        rtol: 1e-6,
        atol: 0,
      });
    });
  });

  test("with hard labels 'normals' is 'all' over the normal samples alone", () => {
    withoutLeak(() => {
      const logits = tensor2d(golden.idLogits, [batch, nClasses]);
      const targets = makeTargets('hard'); // the first 3 rows are normal
      const first = (x: Tensor) => tensor2d(x.dataSync().slice(0, 3 * nClasses), [3, nClasses]);
      const all = idLoss(first(logits), first(targets), { normalization: 'all' });
      expectAllClose(idLoss(logits, targets).dataSync(), all.dataSync(), { rtol: 1e-6, atol: 0 });
    });
  });

  test('ArcFace without margin is the cross-entropy of scaled cosines, whatever the norms', () => {
    withoutLeak(() => {
      const embedding = tensor2d([3, 0, 0, 0.01], [2, 2]);
      const weight = tensor2d([5, 0, 0, 2, -1, 0], [3, 2]);
      const targets = tensor2d([1, 0, 0, 0, 0, 1], [2, 3]);
      const cosines = tensor2d([1, 0, -1, 0, 1, 0], [2, 3]);
      const expected = crossEntropyIdLoss(cosines, targets).dataSync();
      const actual = arcFaceLoss(embedding, weight, targets, { scale: 1, margin: 0 });
      expectAllClose(actual.dataSync(), expected, { rtol: 1e-6, atol: 0 });
    });
  });

  test('ArcFace at angle 0, at angle pi and for a zero embedding stays finite', () => {
    withoutLeak(() => {
      const embedding = tensor2d([1, 0, -1, 0, 0, 0], [3, 2]);
      const weight = tensor2d([1, 0, 0, 1], [2, 2]);
      const targets = tensor2d([1, 0, 1, 0, 1, 0], [3, 2]);
      const loss: Loss = (e, w) => arcFaceLoss(e as Tensor, w as Tensor, targets);
      const { value, grads: gradients } = valueAndGrads(loss)([embedding, weight]);
      expect(value.dataSync().every(Number.isFinite)).toBe(true);
      for (const gradient of gradients) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    });
  });

  test('outlierExposureLossParts shows both terms, and null for one left out', () => {
    withoutLeak(() => {
      const typeLogits = tensor1d(golden.typeLogits);
      const idLogits = tensor2d(golden.idLogits, [batch, nClasses]);
      const y = makeY('mixed');
      const targets = makeTargets('mixed');
      const parts = outlierExposureLossParts({ typeLogits, idLogits, y, targets }, { alpha: 4 });
      const type = parts.typeLoss?.dataSync()[0] as number;
      const id = parts.idLoss?.dataSync()[0] as number;
      expect(type).toBe(typeLoss(typeLogits, y).dataSync()[0]);
      expect(id).toBe(idLoss(idLogits, targets).dataSync()[0]);
      expectAllClose(parts.loss.dataSync(), [type + 4 * id], { rtol: 1e-6, atol: 0 });
      const withoutIds = outlierExposureLossParts(
        { typeLogits, idLogits: null, y, targets: null },
        { alpha: 0 },
      );
      expect(withoutIds.idLoss).toBeNull();
      expect(withoutIds.loss.dataSync()[0]).toBe(type);
      const withoutType = outlierExposureLossParts(
        { typeLogits, idLogits, y, targets },
        { useTypeLoss: false },
      );
      expect(withoutType.typeLoss).toBeNull();
      expectAllClose(withoutType.loss.dataSync(), [10 * id], { rtol: 1e-6, atol: 0 });
    });
  });

  test('outlierExposureLoss leaves one tensor', () => {
    withoutLeak(() => {
      const input = {
        typeLogits: zeros([2]),
        idLogits: zeros([2, 3]),
        y: zeros([2]),
        targets: zeros([2, 3]),
      };
      const before = memory().numTensors;
      outlierExposureLoss(input);
      expect(memory().numTensors).toBe(before + 1);
    });
  });

  test.each<[string, Loss, number[][]]>([
    ['typeLoss', (x, y) => typeLoss(x!, y!), [[2], [2]]],
    [
      'idLoss',
      (x, t) => idLoss(x!, t!),
      [
        [2, 3],
        [2, 3],
      ],
    ],
    [
      'crossEntropyIdLoss',
      (x, t) => crossEntropyIdLoss(x!, t!),
      [
        [2, 3],
        [2, 3],
      ],
    ],
    [
      'arcFaceLoss',
      (e, t) => arcFaceLoss(e!, e!, t!),
      [
        [2, 3],
        [2, 2],
      ],
    ],
  ])('%s outside of any tidy makes one tensor, also from integer labels', (_, loss, [shape, labelShape]) => {
    const inputs = [zeros(shape!), zeros(labelShape!, 'int32')];
    const before = memory().numTensors;
    const value = loss(...inputs);
    expect(memory().numTensors).toBe(before + 1);
    dispose([value, ...inputs]);
  });

  test('a custom ID loss gets idLogits and targets, and its gradient alpha times', () => {
    withoutLeak(() => {
      const embedding = tensor2d([1, 2, 3, 4], [2, 2]);
      const targets = tensor2d([1, 0], [2, 1]);
      const total = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
        const x = args[0] as Tensor;
        return { value: sum(x) as Scalar, gradFunc: (dy: Tensor) => mul(dy, fill(x.shape, 1)) };
      });
      const loss: Loss = (e) =>
        outlierExposureLoss(
          { typeLogits: zeros([2]), idLogits: e as Tensor, y: zeros([2]), targets },
          {
            alpha: 3,
            idLoss: (x, t) => {
              expect(t).toBe(targets);
              return total(x) as Scalar;
            },
          },
        );
      const { value, grads: gradients } = valueAndGrads(loss)([embedding]);
      expectAllClose(value.dataSync(), [Math.LN2 + 30], { rtol: 1e-6, atol: 0 });
      expect(Array.from((gradients[0] as Tensor).dataSync())).toEqual([3, 3, 3, 3]);
    });
  });

  test('weightedSum and its gradient', () => {
    withoutLeak(() => {
      const terms = [fill([], 2), fill([], -5), fill([], 1)] as Scalar[];
      const loss: Loss = (...scalars) => weightedSum(scalars as Scalar[], [3, 0.5, 0]);
      const { value, grads: gradients } = valueAndGrads(loss)(terms);
      expect(value.dataSync()[0]).toBe(3.5);
      expect(gradients.map((g) => g.dataSync()[0])).toEqual([3, 0.5, 0]);
    });
  });

  test.each<[string, () => unknown, string]>([
    [
      'typeLoss, other length',
      () => typeLoss(zeros([2]), zeros([3])),
      'typeLoss: y must have shape [2], got [3]',
    ],
    [
      'typeLoss, rank',
      () => typeLoss(zeros([2, 1]), zeros([2])),
      'typeLoss: logits must have shape [1 or more]',
    ],
    [
      'typeLoss, empty',
      () => typeLoss(zeros([0]), zeros([0])),
      'logits must have shape [1 or more], got [0]',
    ],
    [
      'typeLoss, array',
      () => typeLoss([1] as unknown as Tensor, zeros([1])),
      'logits must be a tensor, got [1]',
    ],
    [
      'idLoss',
      () => idLoss(zeros([2, 3]), zeros([2, 4])),
      'idLoss: targets must have shape [2, 3], got [2, 4]',
    ],
    [
      'idLoss, normalization',
      () => idLoss(zeros([2, 3]), zeros([2, 3]), { normalization: 'mean' as 'all' }),
      "normalization must be one of 'normals', 'all', 'printed', 'text', got 'mean'",
    ],
    [
      'crossEntropyIdLoss',
      () => crossEntropyIdLoss(zeros([2, 3]), zeros([2, 3]), { weighting: 'y' as 'equal' }),
      "weighting must be one of 'equal', 'target', got 'y'",
    ],
    [
      'arcFaceLoss, weight',
      () => arcFaceLoss(zeros([2, 3]), zeros([3, 5]), zeros([2, 5])),
      'weight must have shape [1 or more, 3], got [3, 5]',
    ],
    [
      'arcFaceLoss, margin',
      () => arcFaceLoss(zeros([2, 3]), zeros([5, 3]), zeros([2, 5]), { margin: 4 }),
      'margin must lie in [0, pi) radians, got 4',
    ],
    [
      'outlierExposureLoss without IDs',
      () => outlierExposureLoss({ typeLogits: zeros([2]), idLogits: null, y: zeros([2]) }),
      'Pass { alpha: 0 } to train without machine IDs.',
    ],
    [
      'outlierExposureLoss, alpha',
      () => outlierExposureLoss({ typeLogits: zeros([2]), y: zeros([2]) }, { alpha: -1 }),
      'alpha must be a finite number of at least 0, got -1',
    ],
    [
      'outlierExposureLoss without terms',
      () => outlierExposureLoss({ typeLogits: zeros([2]), y: zeros([2]) }, { alpha: 0, useTypeLoss: false }),
      'No term is left.',
    ],
    ['weightedSum', () => weightedSum([fill([], 1) as Scalar], [1, 2]), 'got [1, 2] for 1 scalars'],
  ])('refuses: %s', (_, run, message) => {
    tidy(() => expect(run).toThrow(message));
  });
});
