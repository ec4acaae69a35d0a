import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import fc from 'fast-check';
import { OneClassSvm, type OneClassSvmOptions } from '../src/index';
import { goldenData } from './fixtures';

const { train, test } = goldenData('low');

it('gives every row the weight 1 at nu 1', () => {
  const svm = new OneClassSvm({ nu: 1, gamma: 0.5 }).fit(train);
  const expected = test.map((x) =>
    train.reduce((sum, y) => sum + Math.exp(-0.5 * x.reduce((d, v, k) => d + (v - y[k]!) ** 2, 0)), 0),
  );
  expectAllClose(svm.scoreSamples(test), expected, { rtol: 1e-12, atol: 0 });
  expect(svm).toMatchObject({ nSupport: 60, nIter: 0, converged: true });
  expectAllClose(svm.offset, Math.max(...svm.scoreSamples(train)), { rtol: 1e-12, atol: 0 });
});

it('puts the whole weight on a single row', () => {
  const svm = new OneClassSvm({ nu: 0.25, gamma: 2 }).fit([[1, 2]]);
  expectAllClose(
    svm.scoreSamples([
      [1, 2],
      [1, 3],
    ]),
    [0.25, 0.25 * Math.exp(-2)],
    { rtol: 1e-14, atol: 0 },
  );
});

it('takes rows that are all equal', () => {
  const same = Array.from({ length: 8 }, () => [0.5, 0.5]);
  const svm = new OneClassSvm().fit(same);
  expectAllClose(svm.scoreSamples(same), Array(8).fill(4), { rtol: 1e-14, atol: 0 });
  expect(svm.offset).toBe(4);
});

it('says when it has not converged', () => {
  const svm = new OneClassSvm({ maxIter: 3, tol: 1e-9 }).fit(train);
  expect(svm).toMatchObject({ nIter: 3, converged: false });
  expect(svm.scoreSamples(test).every(Number.isFinite)).toBe(true);
});

it.each(['rbf', 'linear'] as const)('finds the same with hardly any cache, kernel %s', (kernel) => {
  const options = { kernel, nu: 0.3, tol: 1e-6 };
  const expected = new OneClassSvm(options).fit(train);
  const svm = new OneClassSvm({ ...options, cacheSize: 1e-9 }).fit(train);
  expect(svm.nIter).toBe(expected.nIter);
  expect(svm.nIter).toBeGreaterThan(5);
  expect(svm.scoreSamples(test)).toEqual(expected.scoreSamples(test));
});

/** 0 or within [1e-9, 3] in magnitude: values whose squares vanish are an error of their own. */
const value = fc.double({ min: -3, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 1e-9 ? 0 : x));
/** Rows of four columns, some of them equal. */
const rows = fc
  .array(fc.array(value, { minLength: 4, maxLength: 4 }), {
    minLength: 2,
    maxLength: 40,
  })
  .map((distinct) => [...distinct, ...distinct.slice(0, 3)]);

it('leaves at most nu of the rows outside, and bears on at least nu of them', () => {
  const nus = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      rows,
      nus,
      fc.constantFrom<OneClassSvmOptions['kernel']>('rbf', 'linear'),
      (X, nu, kernel) => {
        const svm = new OneClassSvm({ nu, kernel, tol: 1e-6 }).fit(X);
        expect(svm.converged).toBe(true);
        const nOutside = svm.decisionFunction(X).filter((decision) => decision < -1e-5).length;
        expect(nOutside).toBeLessThanOrEqual(nu * X.length + 1e-9);
        expect(svm.nSupport).toBeGreaterThanOrEqual(nu * X.length - 1e-9);
      },
    ),
  );
});

describe('values far from 1', () => {
  const sized = (size: number) => train.map((row) => row.map((value) => value * size));

  it.each([1e8, 1e20, 1e40, 1e59])(
    'a linear kernel of values of %d ends in few steps, and says that tol was not reached',
    (size) => {
      const svm = new OneClassSvm({ kernel: 'linear', nu: 0.1 });
      svm.fit(sized(size));
      expect(svm.nIter).toBeLessThan(10_000);
      expect(svm.converged).toBe(false);
      // the same solution as at size 1, where scores are smaller by the square
      const plain = new OneClassSvm({ kernel: 'linear', nu: 0.1, tol: 1e-12 }).fit(train);
      const scores = svm.scoreSamples(sized(size)).map((score) => score / size ** 2);
      expectAllClose(scores, Array.from(plain.scoreSamples(train)), { rtol: 1e-6, atol: 1e-6 });
    },
  );

  it.each<[string, OneClassSvmOptions]>([
    ['scale', {}],
    ['auto', { gamma: 'auto' }],
    ['a gamma beyond all distances', { gamma: 1e300 }],
    ['a gamma below all distances', { gamma: 1e-300 }],
    ['a tolerance below rounding', { kernel: 'linear', tol: 1e-300 }],
    ['few supports', { kernel: 'linear', nu: 1e-3 }],
    ['all supports', { kernel: 'linear', nu: 1 }],
  ])('ends with numbers for %s at any size', (_, options) => {
    for (const size of [1e-59, 1e-8, 1, 1e8, 1e59]) {
      const svm = new OneClassSvm(options).fit(sized(size));
      expect(svm.nIter).toBeLessThan(100_000);
      expect(Number.isFinite(svm.offset)).toBe(true);
      expect(svm.scoreSamples(sized(size)).every(Number.isFinite)).toBe(true);
    }
  });

  it('names values that have no square', () => {
    expect(() => new OneClassSvm().fit(sized(1e61))).toThrow(/at most 1e\+60 in magnitude/);
  });
});
