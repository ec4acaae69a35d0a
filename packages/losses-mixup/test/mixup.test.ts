import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { applyMixup, type Mixup, mixupProbability, sampleBeta, sampleMixup } from '../src/index';
import { xorshift } from './random';

const f32 = (...values: number[]) => Float32Array.from(values);
const MIXUP: Mixup = { lambda: f32(1, 0.25, 0.5), permutation: Int32Array.of(1, 2, 0) };

describe('applyMixup', () => {
  const rows = [f32(1, 2), f32(10, -20), f32(100, 200)];
  // row 0: itself; row 1: 0.25 (10, -20) + 0.75 (100, 200); row 2: 0.5 (100, 200) + 0.5 (1, 2)
  const mixedRows = [f32(1, 2), f32(77.5, 145), f32(50.5, 101)];
  const y = f32(1, 1, 0);
  const targets = { data: f32(0, 1, 1, 0, 0, 0), nRows: 3, nCols: 2 };

  test('by hand: x, y and targets with the same lambda and partner', () => {
    const mixed = applyMixup({ waveforms: rows, y, targets }, MIXUP);
    expect(mixed.waveforms).toEqual(mixedRows);
    expect(mixed.y).toEqual(f32(1, 0.25, 0.5)); // 0.25 * 1 + 0.75 * 0; 0.5 * 0 + 0.5 * 1
    expect(mixed.targets).toEqual({ data: f32(0, 1, 0.25, 0, 0, 0.5), nRows: 3, nCols: 2 });
  });

  test('each kind of rows gives the same numbers in the same kind', () => {
    const flat = f32(...rows.flatMap((row) => [...row]));
    const flatMixed = f32(...mixedRows.flatMap((row) => [...row]));
    expect(applyMixup({ waveforms: flat, y }, MIXUP)).toEqual({ waveforms: flatMixed, y: f32(1, 0.25, 0.5) });
    const matrix = { data: flat, nRows: 3, nCols: 2 };
    expect(applyMixup({ waveforms: matrix, y }, MIXUP).waveforms).toEqual({ ...matrix, data: flatMixed });
    const listed = [f32(0, 1), f32(1, 0), f32(0, 0)];
    expect(applyMixup({ waveforms: flat, y, targets: listed }, MIXUP).targets).toEqual([
      f32(0, 1),
      f32(0.25, 0),
      f32(0, 0.5),
    ]);
    expect(applyMixup({ waveforms: flat, y, targets: targets.data }, MIXUP).targets).toEqual(
      f32(0, 1, 0.25, 0, 0, 0.5),
    );
  });

  test('is pure: new arrays, the batch as it was', () => {
    const batch = {
      waveforms: rows.map((row) => row.slice()),
      y: y.slice(),
      targets: structuredClone(targets),
    };
    const mixed = applyMixup(batch, { lambda: f32(1, 1, 1), permutation: Int32Array.of(2, 0, 1) });
    expect(batch).toEqual({ waveforms: rows, y, targets });
    expect(mixed).toEqual(batch); // lambda = 1 changes nothing
    mixed.waveforms[0]?.fill(7);
    mixed.y.fill(7);
    mixed.targets?.data.fill(7);
    expect(batch).toEqual({ waveforms: rows, y, targets });
  });

  test('lambda = 0 gives the partner', () => {
    const { waveforms } = applyMixup({ waveforms: rows, y }, { ...MIXUP, lambda: f32(0, 0, 0) });
    expect(waveforms).toEqual([rows[1], rows[2], rows[0]]);
  });

  const noTargets = { waveforms: rows, y };
  test.each<[string, () => unknown, ErrorConstructor, string]>([
    [
      'an empty batch',
      () => applyMixup({ waveforms: [], y: f32() }, { lambda: f32(), permutation: Int32Array.of() }),
      RangeError,
      'y must hold 1 or more samples',
    ],
    [
      'y that is no Float32Array',
      () => applyMixup({ waveforms: rows, y: [1, 1, 0] as never }, MIXUP),
      TypeError,
      'y must be a Float32Array, got [1, 1, 0]',
    ],
    [
      'waveforms of float64',
      () => applyMixup({ waveforms: new Float64Array(6) as never, y }, MIXUP),
      TypeError,
      'waveforms must be a Float32Array, a list of them or a matrix { data, nRows, nCols }, got a Float64Array',
    ],
    ['no waveforms', () => applyMixup({ y } as never, MIXUP), TypeError, 'waveforms must be'],
    [
      'too few waveforms',
      () => applyMixup({ waveforms: rows.slice(1), y }, MIXUP),
      RangeError,
      'waveforms must have 3 rows, one for each y, got 2',
    ],
    [
      'waveforms of other lengths',
      () => applyMixup({ waveforms: [f32(1), f32(1, 2), f32(1)], y }, MIXUP),
      RangeError,
      'waveforms must have rows of one length (1), got 2 in row 1',
    ],
    [
      'a flat array that does not divide',
      () => applyMixup({ waveforms: new Float32Array(7), y }, MIXUP),
      RangeError,
      'waveforms must have a length that is a multiple of 3, got 7',
    ],
    [
      'a matrix of other rows',
      () => applyMixup({ ...noTargets, targets: { data: f32(0, 1), nRows: 2, nCols: 1 } }, MIXUP),
      RangeError,
      'targets must have 3 rows and nRows * nCols values, got 2 x 1 and 2 values',
    ],
    [
      'NaN in a waveform',
      () => applyMixup({ waveforms: [f32(1, Number.NaN), f32(1, 2), f32(1, 2)], y }, MIXUP),
      RangeError,
      'waveforms must be finite, got NaN or Infinity in row 0 or its partner',
    ],
    [
      'Infinity in a waveform',
      () => applyMixup({ waveforms: [f32(1, 1), f32(1, Number.NEGATIVE_INFINITY), f32(1, 2)], y }, MIXUP),
      RangeError,
      'waveforms must be finite',
    ],
    [
      'y above 1',
      () => applyMixup({ waveforms: rows, y: f32(1, 2, 0) }, MIXUP),
      RangeError,
      'y must lie in [0, 1], got 2',
    ],
    [
      'y that is NaN',
      () => applyMixup({ waveforms: rows, y: f32(1, Number.NaN, 0) }, MIXUP),
      RangeError,
      'y must be finite',
    ],
    [
      'targets below 0',
      () => applyMixup({ ...noTargets, targets: f32(0, 0, -1) }, MIXUP),
      RangeError,
      'targets must lie in [0, 1], got -1',
    ],
    [
      'lambda above 1',
      () => applyMixup(noTargets, { ...MIXUP, lambda: f32(1, 1.5, 0) }),
      RangeError,
      'mixup.lambda must lie in [0, 1], got 1.5',
    ],
    [
      'lambda NaN',
      () => applyMixup(noTargets, { ...MIXUP, lambda: f32(1, Number.NaN, 0) }),
      RangeError,
      'mixup.lambda',
    ],
    [
      'too few lambdas',
      () => applyMixup(noTargets, { ...MIXUP, lambda: f32(1) }),
      RangeError,
      'mixup must hold 3 lambdas and partners, one for each y, got 1 and 3',
    ],
    [
      'a partner outside the batch',
      () => applyMixup(noTargets, { ...MIXUP, permutation: Int32Array.of(0, 3, 1) }),
      RangeError,
      'mixup.permutation must lie in [0, 3), got 3',
    ],
    [
      'a partner that is no index',
      () => applyMixup(noTargets, { ...MIXUP, permutation: [0, 0.5, 1] as never }),
      RangeError,
      'mixup.permutation',
    ],
  ])('refuses %s', (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(`losses-mixup.applyMixup: ${message}`);
  });
});

describe('sampleMixup', () => {
  test('draws a lambda for each sample and a permutation, the same for the same seed', () => {
    const mixup = sampleMixup(50, { random: xorshift(3) });
    expect(mixup.lambda).toHaveLength(50);
    expect(mixup.lambda.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(new Set(mixup.lambda).size).toBeGreaterThan(25);
    expect([...mixup.permutation].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...mixup.permutation]).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(sampleMixup(50, { random: xorshift(3) })).toEqual(mixup);
    expect(sampleMixup(50, { random: xorshift(4) })).not.toEqual(mixup);
  });

  test('beta is the shape: large ones draw near a half', () => {
    const { lambda } = sampleMixup(200, { beta: 500, random: xorshift(8) });
    expect(lambda.every((x) => Math.abs(x - 0.5) < 0.1)).toBe(true);
  });

  test.each<[string, () => unknown, string]>([
    [
      'no batch',
      () => sampleMixup(0, { random: xorshift(1) }),
      'sampleMixup: batchSize must be a whole number of at least 1, got 0',
    ],
    [
      'beta 0',
      () => sampleMixup(2, { beta: 0, random: xorshift(1) }),
      'a must be a finite number above 0, got 0',
    ],
    ['no generator', () => sampleMixup(2, {} as never), 'sampleMixup: random must be a function'],
    [
      'a generator out of range',
      () => sampleMixup(2, { random: () => 1 }),
      'random must return numbers in [0, 1), got 1',
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('sampleBeta', () => {
  test.each([
    [0.2, 0.2],
    [2, 5],
    [1, 1],
    [0.5, 3],
  ])('slow: mean, variance and quantiles of Beta(%d, %d)', (a, b) => {
    const random = xorshift(17);
    const n = 40_000;
    const draws = Float64Array.from({ length: n }, () => sampleBeta(a, b, random));
    const mean = draws.reduce((total, x) => total + x, 0) / n;
    const variance = draws.reduce((total, x) => total + (x - mean) ** 2, 0) / n;
    const expectedVariance = (a * b) / ((a + b) ** 2 * (a + b + 1));
    // 5 standard errors
    expectAllClose(mean, a / (a + b), { rtol: 0, atol: 5 * Math.sqrt(expectedVariance / n) });
    expectAllClose(variance, expectedVariance, { rtol: 0.05, atol: 0 });
  });

  test('of Beta(0.2, 0.2), 58.2 % lie within 0.05 of 0 or 1', () => {
    // scipy.stats.beta(0.2, 0.2): 2 cdf(0.05)
    const random = xorshift(23);
    const n = 40_000;
    let nNear = 0;
    for (let i = 0; i < n; i++) {
      const x = sampleBeta(0.2, 0.2, random);
      if (x < 0.05 || x > 0.95) nNear++;
    }
    expectAllClose(nNear / n, 0.58205013, { rtol: 0, atol: 0.0125 });
  });

  test('tiny and huge shapes stay numbers in [0, 1]', () => {
    const random = xorshift(5);
    for (const shape of [1e-300, 1e-6, 0.01, 1e6, 1e300]) {
      for (let i = 0; i < 100; i++) {
        const x = sampleBeta(shape, shape, random);
        expect(x >= 0 && x <= 1).toBe(true);
      }
    }
  });

  test.each([
    [Number.NaN, 1],
    [1, -1],
    [0, 1],
    [1, Number.POSITIVE_INFINITY],
  ])('refuses shapes %d, %d', (a, b) => {
    expect(() => sampleBeta(a, b, xorshift(1))).toThrow(/sampleBeta: [ab] must be a finite number above 0/);
    expect(() => sampleBeta('1' as never, 1, xorshift(1))).toThrow(TypeError);
  });
});

describe('mixupProbability', () => {
  test("'always' is the default and 1", () => {
    expect(mixupProbability(0, 10)).toBe(1);
    expect(mixupProbability(7, 10, 'always')).toBe(1);
  });

  test("'cosine' grows from 0 to 1 by half of the training and stays", () => {
    const at = (step: number) => mixupProbability(step, 1000, 'cosine');
    expectAllClose(
      [at(0), at(125), at(250), at(375), at(500), at(750), at(1000)],
      [0, 0.5 - Math.SQRT1_2 / 2, 0.5, 0.5 + Math.SQRT1_2 / 2, 1, 1, 1],
      { rtol: 0, atol: 1e-12 },
    );
    expect(at(2000)).toBe(1);
  });

  test.each<[string, () => unknown, string]>([
    ['step', () => mixupProbability(-1, 10), 'step must be a finite number of at least 0, got -1'],
    [
      'step NaN',
      () => mixupProbability(Number.NaN, 10),
      'step must be a finite number of at least 0, got NaN',
    ],
    ['maxStep', () => mixupProbability(0, 0), 'maxStep must be a finite number above 0, got 0'],
    [
      'schedule',
      () => mixupProbability(0, 1, 'linear' as 'cosine'),
      "schedule must be one of 'always', 'cosine', got 'linear'",
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(`losses-mixup.mixupProbability: ${message}`);
  });
});
