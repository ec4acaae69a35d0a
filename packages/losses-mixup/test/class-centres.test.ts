import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  customGrad,
  type GradSaveFunc,
  grads,
  memory,
  mul,
  reshape,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  train,
  type Variable,
  valueAndGrads,
  variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { ArcFace, arcFaceLoss, outlierExposureLoss, SubClusterAdaCos } from '../src/index';
import golden from './golden/losses.json';
import { xorshift } from './random';
import { BACKENDS, useBackend } from './use-backend';

const { batch, nClasses, embeddingSize, nSubClusters } = golden.sizes;
const reference = golden.subClusterAdaCos;

const makeTargets = (kind: string) =>
  tensor2d(golden.labels[kind as keyof typeof golden.labels].targets, [batch, nClasses]);

function makeAdaCos(options: Partial<ConstructorParameters<typeof SubClusterAdaCos>[0]> = {}) {
  return new SubClusterAdaCos({ nClasses, embeddingSize, nSubClusters, random: xorshift(1), ...options });
}

/** The scale at the start of the reference: sqrt(2) log(C S - 1). */
const FIRST_SCALE = Math.SQRT2 * Math.log(nClasses * nSubClusters - 1);

function referenceAdaCos(options: Parameters<typeof makeAdaCos>[0] = {}) {
  const adaCos = makeAdaCos(options);
  adaCos.setState({ ...adaCos.getState(), weight: Float32Array.from(reference.weight) });
  return adaCos;
}

/** Loss and gradients by the embedding and the centres, which `grads` and `variableGrads` give apart. */
function evaluate(adaCos: SubClusterAdaCos, embedding: Tensor, targets: Tensor) {
  const before = adaCos.getState();
  const [byEmbedding] = grads((e: Tensor) => adaCos.loss(e, targets, { training: true }))([embedding]);
  adaCos.setState(before); // the second pass has to move the scale from the same place
  const { value, grads: byVariable } = variableGrads(() =>
    adaCos.loss(embedding, targets, { training: true }),
  );
  return {
    value,
    gradients: [byEmbedding as Tensor, byVariable[adaCos.variables[0]?.name as string] as Tensor],
  };
}

describe.each(BACKENDS)('SubClusterAdaCos on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('equals PyTorch over steps that move the scale', () => {
    const { numTensors } = memory();
    const adaCos = referenceAdaCos();
    expectAllClose(adaCos.scale, FIRST_SCALE, { rtol: 1e-6, atol: 0 });
    for (const step of reference.steps) {
      tidy(() => {
        const embedding = tensor2d(step.embedding, [batch, embeddingSize]);
        const { value, gradients } = evaluate(adaCos, embedding, makeTargets(step.labels));
        expectAllClose(adaCos.scale, step.scale, { rtol: 1e-5, atol: 0 });
        expectAllClose(value.dataSync(), [step.loss], golden.tolerance);
        step.gradients.forEach((expected, i) => {
          const largest = Math.max(...expected.map(Math.abs));
          const tolerance = { rtol: 1e-5, atol: 1e-5 * largest };
          expectAllClose(gradients[i]?.dataSync() as Float32Array, expected, tolerance);
        });
      });
    }
    adaCos.dispose();
    expect(memory().numTensors).toBe(numTensors);
  });

  test('gradients equal central differences', () => {
    const adaCos = referenceAdaCos({ useDynamicScale: false });
    tidy(() => {
      const targets = makeTargets('mixed');
      const values = Float32Array.from((reference.steps[1] as { embedding: number[] }).embedding);
      const embedding = tensor2d(values, [batch, embeddingSize]);
      const { gradients } = evaluate(adaCos, embedding, targets);
      const state = adaCos.getState();
      const lossAt = (e: Float32Array, weight: Float32Array) => {
        adaCos.setState({ ...state, weight });
        return tidy(
          () => adaCos.loss(tensor2d(e, [batch, embeddingSize]), targets, { training: true }).dataSync()[0],
        ) as number;
      };
      const differences = (start: Float32Array, at: (moved: Float32Array) => number) =>
        Array.from(start, (x, i) => {
          const moved = (h: number) => Float32Array.from(start, (y, k) => (k === i ? x + h : y));
          return (at(moved(1e-2)) - at(moved(-1e-2))) / 2e-2;
        });
      const tolerance = { rtol: 2e-3, atol: 2e-4 };
      const byEmbedding = differences(values, (moved) => lossAt(moved, state.weight));
      expectAllClose(gradients[0]?.dataSync() as Float32Array, byEmbedding, tolerance);
      const byWeight = differences(state.weight, (moved) => lossAt(values, moved));
      expectAllClose(gradients[1]?.dataSync() as Float32Array, byWeight, tolerance);
    });
    adaCos.dispose();
  });

  test('a drop-in ID loss: the optimiser moves embedding and centres, and the loss falls', () => {
    const { numTensors } = memory();
    for (const make of [
      () => {
        const adaCos = makeAdaCos();
        const idLoss = (e: Tensor, t: Tensor) => adaCos.loss(e, t, { training: true });
        return { owner: adaCos, idLoss };
      },
      () => {
        const arcFace = new ArcFace({ nClasses, embeddingSize, random: xorshift(1), scale: 8 });
        return { owner: arcFace, idLoss: (e: Tensor, t: Tensor) => arcFace.loss(e, t) };
      },
    ]) {
      const { owner, idLoss } = make();
      const embedding = tidy(() =>
        variable(tensor2d(golden.embedding, [batch, embeddingSize]), true, 'drop-in/embedding'),
      );
      const optimizer = train.sgd(0.02);
      const before = owner.getState().weight;
      const losses = Array.from({ length: 20 }, () =>
        tidy(() => {
          const loss = () =>
            outlierExposureLoss(
              {
                typeLogits: zeros([batch]),
                idLogits: embedding,
                y: tensor1d(golden.labels.hard.y),
                targets: makeTargets('hard'),
              },
              { alpha: 2, idLoss },
            );
          return optimizer.minimize(loss, true)?.dataSync()[0] as number;
        }),
      );
      expect(losses.at(-1)).toBeLessThan((losses[0] as number) - 0.5);
      expect(owner.getState().weight).not.toEqual(before);
      optimizer.dispose();
      embedding.dispose();
      owner.dispose();
    }
    expect(memory().numTensors).toBe(numTensors);
  });
});

describe('SubClusterAdaCos', () => {
  beforeAll(() => useBackend('wasm'));

  test('the scale stays in evaluation, with useDynamicScale false, and without any normal sound', () => {
    const moving = referenceAdaCos();
    const fixed = referenceAdaCos({ useDynamicScale: false });
    tidy(() => {
      const embedding = tensor2d(golden.embedding, [batch, embeddingSize]);
      moving.loss(embedding, makeTargets('hard'), { training: false });
      moving.loss(embedding, makeTargets('outliers'), { training: true });
      fixed.loss(embedding, makeTargets('hard'), { training: true });
      for (const each of [moving, fixed]) expectAllClose(each.scale, FIRST_SCALE, { rtol: 1e-6, atol: 0 });
      moving.loss(embedding, makeTargets('hard'), { training: true });
      expect(Math.abs(moving.scale - FIRST_SCALE)).toBeGreaterThan(0.1);
    });
    moving.dispose();
    fixed.dispose();
  });

  test('one sub-cluster and a fixed scale are the cross-entropy of scaled cosines', () => {
    const adaCos = makeAdaCos({ nSubClusters: 1, useDynamicScale: false });
    tidy(() => {
      const embedding = tensor2d(golden.embedding, [batch, embeddingSize]);
      const targets = makeTargets('mixed');
      const [weight] = adaCos.variables as [Variable];
      const options = { scale: adaCos.scale, margin: 0 };
      const expected = arcFaceLoss(embedding, weight, targets, options).dataSync();
      const actual = adaCos.loss(embedding, targets, { training: true }).dataSync();
      expectAllClose(actual, expected, { rtol: 1e-5, atol: 0 });
    });
    adaCos.dispose();
  });

  test("weighting 'target' counts a sample by its share of normal sound", () => {
    const equal = makeAdaCos({ useDynamicScale: false });
    const byTarget = makeAdaCos({ useDynamicScale: false, weighting: 'target' });
    tidy(() => {
      const embedding = tensor2d([1, 0, 0, 0, 0, 0, 1, 0, 0, 0], [2, embeddingSize]);
      const lossOf = (adaCos: SubClusterAdaCos, first: number, second: number) =>
        adaCos
          .loss(embedding, tensor2d([first, 0, 0, 0, 0, second, 0, 0], [2, nClasses]), { training: true })
          .dataSync()[0] as number;
      const [first, second] = [lossOf(equal, 1, 0), lossOf(equal, 0, 1)];
      expectAllClose(lossOf(equal, 1, 0.25), (first + second) / 2, { rtol: 1e-5, atol: 0 });
      expectAllClose(lossOf(byTarget, 1, 0.25), (first + 0.25 * second) / 1.25, { rtol: 1e-5, atol: 0 });
    });
    equal.dispose();
    byTarget.dispose();
  });

  test('centres that are not trainable get no gradient, and the embedding gets the same', () => {
    const fixed = referenceAdaCos({ isTrainable: false });
    const trained = referenceAdaCos();
    tidy(() => {
      const embedding = tensor2d(golden.embedding, [batch, embeddingSize]);
      const gradient = (adaCos: SubClusterAdaCos) =>
        grads((e: Tensor) => adaCos.loss(e, makeTargets('hard'), { training: false }))([
          embedding,
        ])[0] as Tensor;
      expect(fixed.variables.some(({ trainable }) => trainable)).toBe(false);
      expect(trained.variables.map(({ trainable }) => trainable)).toEqual([true, false]);
      expectAllClose(gradient(fixed).dataSync(), gradient(trained).dataSync(), { rtol: 1e-6, atol: 0 });
    });
    fixed.dispose();
    trained.dispose();
  });

  test('the state goes to another one, through JSON-like plain data, exactly', async () => {
    const source = referenceAdaCos();
    tidy(() => {
      source.loss(tensor2d(golden.embedding, [batch, embeddingSize]), makeTargets('hard'), {
        training: true,
      });
    });
    const target = makeAdaCos({ random: xorshift(99) });
    expect(target.getState().weight).not.toEqual(source.getState().weight);
    const { numTensors } = memory();
    const state = source.getState();
    target.setState(state);
    state.weight.fill(0); // a copy on both sides
    expect(target.getState()).toEqual(source.getState());
    expect(await target.getStateAsync()).toEqual(source.getState());
    expect(memory().numTensors).toBe(numTensors);
    source.dispose();
    target.dispose();
  });

  test('refuses a state that does not fit, and keeps its own', () => {
    const adaCos = makeAdaCos();
    const state = adaCos.getState();
    const weight = state.weight.slice();
    weight[3] = Number.NaN;
    for (const [wrong, message] of [
      [{ nClasses: 7 }, /setState: nClasses must be 4, got 7/],
      [{ scale: Number.NaN }, /scale must be a finite number/],
      [{ weight: new Float32Array(3) }, /weight must hold 60 finite values .* of length 3/],
      [{ weight }, /weight must hold 60 finite values/],
      [{ weight: [1, 2] as unknown as Float32Array }, /got \[1, 2\]/],
    ] as const) {
      expect(() => adaCos.setState({ ...state, ...wrong })).toThrow(message);
      expect(adaCos.getState()).toEqual(state);
    }
    adaCos.dispose();
  });

  test.each<[object, RegExp]>([
    [{ nClasses: 0 }, /nClasses must be a whole number of at least 1, got 0/],
    [{ embeddingSize: 1.5 }, /embeddingSize must be a whole number/],
    [{ nClasses: 2, nSubClusters: 1 }, /nClasses \* nSubClusters at least 3 \(nClasses = 2\), got 1/],
    [{ random: undefined }, /random must be a function/],
    [{ random: () => 1 }, /random must return numbers in \[0, 1\), got 1/],
    [{ weighting: 'y' }, /weighting must be one of 'equal', 'target', got 'y'/],
  ])('refuses options (%#): %j', (options, message) => {
    const { numTensors } = memory();
    expect(() => makeAdaCos(options)).toThrow(message);
    expect(memory().numTensors).toBe(numTensors);
  });

  test('refuses other shapes, and training that is not said', () => {
    const adaCos = makeAdaCos();
    tidy(() => {
      const targets = zeros([2, nClasses]);
      const good = zeros([2, embeddingSize]);
      expect(() => adaCos.loss(zeros([2, 7]), targets, { training: true })).toThrow(
        'SubClusterAdaCos.loss: embedding must have shape [1 or more, 5], got [2, 7]',
      );
      expect(() => adaCos.loss(good, zeros([3, nClasses]), { training: true })).toThrow(
        'targets must have shape [2, 4]',
      );
      expect(() => adaCos.loss(good, targets, {} as { training: boolean })).toThrow(
        'training must be a boolean',
      );
    });
    adaCos.dispose();
  });
});

describe('ArcFace', () => {
  beforeAll(() => useBackend('wasm'));
  const make = (options: object = {}) =>
    new ArcFace({ nClasses, embeddingSize, random: xorshift(5), ...options });

  test('is arcFaceLoss with its own centres and options', () => {
    const options = { scale: 12, margin: 0.2, weighting: 'target' } as const;
    const arcFace = make(options);
    tidy(() => {
      const embedding = tensor2d(golden.embedding, [batch, embeddingSize]);
      const targets = makeTargets('mixed');
      const [weight] = arcFace.variables as [Variable];
      const byFunction = valueAndGrads((e: Tensor, w: Tensor) => arcFaceLoss(e, w, targets, options))([
        embedding,
        weight,
      ]);
      const { value, grads: byVariable } = variableGrads(() => arcFace.loss(embedding, targets));
      expect(value.dataSync()).toEqual(byFunction.value.dataSync());
      expect(byVariable[weight.name]?.dataSync()).toEqual(byFunction.grads[1]?.dataSync());
    });
    arcFace.dispose();
  });

  test('draws its centres from random within the Glorot bound', () => {
    const arcFace = make();
    const { weight } = arcFace.getState();
    const limit = Math.sqrt(6 / (nClasses + embeddingSize));
    expect(Math.max(...weight.map(Math.abs))).toBeLessThanOrEqual(Math.fround(limit));
    expect(new Set(weight).size).toBe(nClasses * embeddingSize);
    const again = make();
    expect(again.getState().weight).toEqual(weight);
    again.dispose();
    arcFace.dispose();
  });

  test('numbers its names where they are taken, and frees them', () => {
    const first = make();
    const second = make();
    expect(first.variables.map(({ name }) => name)).toEqual(['arc_face/weight']);
    expect(second.variables.map(({ name }) => name)).toEqual(['arc_face_1/weight']);
    first.dispose();
    second.dispose();
    const third = make({ name: 'arc_face' });
    expect(third.variables[0]?.name).toBe('arc_face/weight');
    third.dispose();
  });

  test('state round trip', async () => {
    const source = make();
    const target = make({ random: xorshift(77) });
    const { numTensors } = memory();
    target.setState(await source.getStateAsync());
    expect(target.getState()).toEqual(source.getState());
    expect(memory().numTensors).toBe(numTensors);
    expect(() => target.setState({ ...source.getState(), embeddingSize: 6 })).toThrow(
      'ArcFace.setState: embeddingSize must be 5, got 6',
    );
    source.dispose();
    target.dispose();
  });

  test.each<[object, RegExp]>([
    [{ nClasses: Number.NaN }, /ArcFace: nClasses must be a whole number/],
    [{ embeddingSize: 0 }, /embeddingSize/],
    [{ scale: 0 }, /scale must be a finite number above 0, got 0/],
    [{ margin: -0.1 }, /margin must lie in \[0, pi\) radians/],
    [{ random: 3 }, /random must be a function/],
  ])('refuses options (%#): %j', (options, message) => {
    const { numTensors } = memory();
    expect(() => make(options)).toThrow(message);
    expect(memory().numTensors).toBe(numTensors);
  });

  test('refuses other shapes', () => {
    const arcFace = make();
    tidy(() => {
      expect(() => arcFace.loss(zeros([2, 4]), zeros([2, nClasses]))).toThrow('ArcFace.loss: embedding');
      expect(() => arcFace.loss(zeros([2, embeddingSize]), zeros([2, 3]))).toThrow('ArcFace.loss: targets');
    });
    arcFace.dispose();
  });
});

test('the gradient reaches the centres and whatever made the embedding', async () => {
  await useBackend('wasm');
  const arcFace = new ArcFace({ nClasses, embeddingSize, random: xorshift(5), scale: 4 });
  const factor = tidy(() => variable(tensor1d([2]), true, 'factor'));
  tidy(() => {
    const x = tensor2d(golden.embedding, [batch, embeddingSize]);
    const scaled = customGrad((...args: (Tensor | GradSaveFunc)[]) => ({
      value: mul(x, args[0] as Tensor),
      gradFunc: (dy: Tensor) => reshape(sum(mul(dy, x)), [1]),
    }));
    const { grads: gradients } = variableGrads(
      () => arcFace.loss(scaled(factor), makeTargets('hard')),
      [factor, ...arcFace.variables],
    );
    // ArcFace does not see the length of an embedding
    expectAllClose(gradients.factor?.dataSync() as Float32Array, [0], { rtol: 0, atol: 1e-6 });
    expect(gradients['arc_face/weight']?.shape).toEqual([nClasses, embeddingSize]);
  });
  arcFace.dispose();
  factor.dispose();
});
