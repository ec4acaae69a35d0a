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

/** Rows of four columns, some of them equal. */
const rows = fc
  .array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 }), {
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
