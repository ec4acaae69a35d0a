import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { averageAuc, rocAuc, rocCurve, thresholdAtFpr } from '../src/index';
import golden from './golden/evaluation.json';

describe.each(golden.roc)('equals scikit-learn: $name', ({ labels, scores, auc, pAucs, dropped, full }) => {
  it('rocAuc', () => {
    expectAllClose(rocAuc(labels, scores), auc, golden.tolerance);
  });

  it('rocAuc below maxFpr', () => {
    const actual = golden.maxFprs.map((maxFpr) => rocAuc(labels, scores, { maxFpr }));
    expectAllClose(actual, pAucs, golden.tolerance);
  });

  it.each([
    ['dropping intermediate points', undefined, dropped],
    ['keeping all points', { dropIntermediate: false }, full],
  ])('rocCurve, %s', (_, options, expected) => {
    const { fpr, tpr, thresholds } = rocCurve(labels, scores, options);
    expectAllClose(fpr, expected.fpr, golden.tolerance);
    expectAllClose(tpr, expected.tpr, golden.tolerance);
    expectAllClose(thresholds, [Infinity, ...expected.thresholdsFromSecond], { rtol: 0, atol: 0 });
  });
});

describe('rocAuc', () => {
  it('is 1 minus itself for negated scores', () => {
    for (const { labels, scores } of golden.roc) {
      const negated = scores.map((score) => -score);
      expectAllClose(rocAuc(labels, negated), 1 - rocAuc(labels, scores), { rtol: 0, atol: 1e-15 });
    }
  });

  it('is the share of pairs in order, ties counting half', () => {
    const { labels, scores } = golden.roc[2]!;
    let pairs = 0;
    let inOrder = 0;
    labels.forEach((a, i) => {
      labels.forEach((b, j) => {
        if (a !== 1 || b !== 0) return;
        pairs += 1;
        inOrder += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      });
    });
    expect(rocAuc(labels, scores)).toBe(inOrder / pairs);
  });

  it('treats 0 and -0 as a tie', () => {
    expect(rocAuc([0, 1], [0, -0])).toBe(0.5);
    expect(rocAuc([0, 1], [-0, 0])).toBe(0.5);
  });

  it('reads names and booleans as labels and takes typed arrays', () => {
    expect(rocAuc(['normal', 'anomaly', 'normal', 'anomaly'], [0.1, 0.35, 0.4, 0.8])).toBe(0.75);
    expect(rocAuc([false, true, false, true], new Float64Array([0.1, 0.35, 0.4, 0.8]))).toBe(0.75);
    expect(rocAuc(new Uint8Array([0, 1, 0, 1]), new Float32Array([0.1, 0.35, 0.4, 0.8]))).toBe(0.75);
  });

  it('leaves its arguments as they were', () => {
    const scores = [3, 1, 2];
    rocAuc([1, 0, 0], scores);
    expect(scores).toEqual([3, 1, 2]);
  });
});

describe.each([
  ['rocAuc', rocAuc],
  ['rocCurve', rocCurve],
  ['thresholdAtFpr', (labels: number[], scores: number[]) => thresholdAtFpr(labels, scores, 0.1)],
])('%s refuses', (_, call) => {
  it('empty input and unequal lengths', () => {
    expect(() => call([], [])).toThrow(RangeError);
    expect(() => call([0, 1], [1])).toThrow(/2 labels and 1 scores/);
  });

  it('one class only', () => {
    expect(() => call([0, 0], [1, 2])).toThrow(/both classes, got 2 normal and 0 anomalous/);
    expect(() => call([1, 1, 1], [1, 2, 3])).toThrow(RangeError);
  });

  it.each([NaN, Infinity, -Infinity])('a score of %p', (bad) => {
    expect(() => call([0, 1], [0, bad])).toThrow(/scores\[1\] must be a finite number/);
  });

  it('labels and scores of another kind', () => {
    expect(() => call([0, 2], [0, 1])).toThrow(/labels\[1\] must be 1 or 'anomaly'.* got 2/);
    expect(() => call([0, -1], [0, 1])).toThrow(TypeError);
    expect(() => call([0, 1], ['0', 1] as unknown as number[])).toThrow(TypeError);
    expect(() => call(undefined as unknown as number[], [1])).toThrow(TypeError);
  });
});

it.each([
  [0, RangeError],
  [-0.1, RangeError],
  [1.1, RangeError],
  [NaN, RangeError],
  ['0.1', TypeError],
])('maxFpr of %p is refused', (maxFpr, kind) => {
  expect(() => rocAuc([0, 1], [0, 1], { maxFpr: maxFpr as number })).toThrow(kind);
  expect(() => thresholdAtFpr([0, 1], [0, 1], maxFpr as number)).toThrow(kind);
});

describe('averageAuc', () => {
  it('is the mean of both', () => {
    expect(averageAuc({ auc: 0.75, pAuc: 0.5 })).toBe(0.625);
  });

  it('refuses percent, NaN and nothing', () => {
    expect(() => averageAuc({ auc: 93, pAuc: 0.5 })).toThrow(/auc must be a number from 0 to 1, got 93/);
    expect(() => averageAuc({ auc: 0.5, pAuc: NaN })).toThrow(/pAuc/);
    expect(() => averageAuc({ auc: 0.5 } as { auc: number; pAuc: number })).toThrow(TypeError);
  });
});

describe('thresholdAtFpr', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1];
  const scores = [1, 2, 3, 6, 4, 5, 7];

  it('takes the lowest threshold whose rate is allowed', () => {
    expect(thresholdAtFpr(labels, scores, 0.25)).toEqual({ threshold: 4, fpr: 0.25, tpr: 1 });
    expect(thresholdAtFpr(labels, scores, 0.24)).toEqual({ threshold: 7, fpr: 0, tpr: 1 / 3 });
    expect(thresholdAtFpr(labels, scores, 1)).toEqual({ threshold: 1, fpr: 1, tpr: 1 });
  });

  it('is Infinity where the top score is a normal clip', () => {
    expect(thresholdAtFpr([0, 1], [2, 1], 0.5)).toEqual({ threshold: Infinity, fpr: 0, tpr: 0 });
  });
});
