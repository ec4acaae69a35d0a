import { summarize } from '@serial-oe/evaluation';
import type { Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import { compareModels, comparisonText } from '../src/compare/compare-models';
import { comparisonReport } from '../src/compare/comparison-report';

/** 20 normal and 20 anomalous clips of each machine, of which the scores are so far apart. */
function evaluationOf(distance: number, { machineIds = ['00', '02'], threshold = 5 } = {}): Evaluation {
  const results = machineIds.flatMap((machineId) =>
    Array.from({ length: 40 }, (_, i): ScoredClip => {
      const label = i < 20 ? 'normal' : 'anomaly';
      const anomalyScore = ((i * 7) % 20) / 4 + (label === 'anomaly' ? distance : 0);
      const verdict = { anomalyScore, threshold, isAnomaly: anomalyScore > threshold };
      return { path: `${machineId}/${label}-${i}.wav`, machineType: 'fan', machineId, label, ...verdict };
    }),
  );
  return { results } as unknown as Evaluation;
}
/** As a page needs it. */
const whole = (evaluation: Evaluation): Evaluation => ({
  ...evaluation,
  ...{ machineType: 'fan', summary: summarize(evaluation.results), decisions: [] },
});
const named = (name: string, evaluation: Evaluation) => ({ name, evaluation });

describe('compareModels', () => {
  it('tells the difference of aAUC with its interval, and what each found alone', () => {
    const comparison = compareModels([named('old', evaluationOf(0.5)), named('new', evaluationOf(4))]);
    expect(comparison.differences.map(({ machineId }) => machineId)).toEqual(['00', '02', null]);
    const { first, second, difference, nNormal, nAnomalous } = comparison.differences[2]!;
    expect([nNormal, nAnomalous]).toEqual([40, 40]);
    expect(difference.estimate).toBeCloseTo(second - first, 12);
    expect(difference.lower).toBeGreaterThan(0);
    expect(comparison.onlyFirst).toEqual([]);
    expect(comparison.onlySecond.length).toBeGreaterThan(10);
    const text = comparisonText(comparison);
    expect(text).toContain('new is better than old on these clips.');
    expect(text).toMatch(/mean of the IDs +40 +40/);
    expect(text).toContain('Found by new alone: 00/anomaly-');
  });

  it('makes a page of both', () => {
    const models = [named('old', whole(evaluationOf(0.5))), named('new', whole(evaluationOf(4)))] as const;
    const withStrips = models.map((model) => ({ ...model, strip: null })) as never;
    const page = comparisonReport(compareModels(models), withStrips);
    expect(page).toContain('new is better than old on these clips.');
    expect(page).toMatch(/<h2[^>]*>Found by new alone<\/h2>/);
    expect(page).not.toContain('Found by old alone');
    expect(page.match(/<h3[^>]*>ROC curves<\/h3>/g)).toHaveLength(2);
    expect(page).toContain('40 normal and 40 faulty test clips');
  });

  it('says where nothing is shown', () => {
    const comparison = compareModels([named('a', evaluationOf(2)), named('b', evaluationOf(2))]);
    expect(comparisonText(comparison)).toContain('Neither is shown to be better');
    const back = compareModels([named('a', evaluationOf(4)), named('b', evaluationOf(0.5))]);
    expect(comparisonText(back)).toContain('a is better than b');
  });

  it('counts clips that both know', () => {
    const one = evaluationOf(2, { machineIds: ['00'] });
    expect(
      compareModels([named('a', one), named('b', evaluationOf(2))]).differences.map((each) => each.machineId),
    ).toEqual(['00', null]);
    const other = evaluationOf(2, { machineIds: ['04'] });
    expect(() => compareModels([named('a', one), named('b', other)])).toThrow(
      'a machine that both models know',
    );
  });
});
