import { aggregateMeasurements } from '../src/results/aggregate-measurements';
import type { Measurement } from '../src/results/experiment-results';
import { measure } from '../src/results/measure';

describe('figures', () => {
  const rows = (machineId: string, scores: [number, number, number, number]) =>
    scores.map((anomalyScore, i) => ({
      name: `${machineId}-${i}`,
      machineType: 'fan',
      machineId,
      label: i < 2 ? ('normal' as const) : ('anomaly' as const),
      anomalyScore,
    }));
  const scored = [...rows('00', [0, 1, 2, 3]), ...rows('01', [0, 2, 1, 3])];

  it('average over the machine IDs that are asked for', () => {
    const all = measure(scored, { machineType: 'fan' });
    const development = measure(scored, { machineType: 'fan', averagedIds: ['00'] });
    expect(all?.type.auc).toBeCloseTo((1 + 0.75) / 2, 12);
    expect(development?.type.auc).toBe(1);
    expect(development?.perId.map(({ isAveraged }) => isAveraged)).toEqual([true, false]);
  });

  it('are averaged over seeds with the sample standard deviation, and over types seed by seed', () => {
    const one = (machineType: string, seed: number, auc: number): Measurement => ({
      ...{ variant: 'v', machineType, seed, runIds: ['r'], perId: [] },
      type: { auc, pAuc: null, aAuc: null, mAuc: auc },
      pooled: { auc, pAuc: null, aAuc: null },
    });
    const aggregates = aggregateMeasurements(
      [...[one('fan', 0, 0.6), one('fan', 1, 0.8), one('pump', 0, 0.5)], one('pump', 1, 0.9)],
      ['fan', 'pump'],
    );
    const find = (scope: string, machineType: string | null) =>
      aggregates.find(
        (each) => each.scope === scope && each.machineType === machineType && each.metric === 'auc',
      );
    expect(find('type', 'fan')).toMatchObject({ mean: 0.7, nSeeds: 2 });
    expect(find('type', 'fan')?.std).toBeCloseTo(Math.sqrt(0.02), 12);
    expect(find('overall', null)?.mean).toBeCloseTo(0.7, 12);
    expect(find('overall', null)?.std).toBeCloseTo(Math.abs(0.55 - 0.85) / Math.sqrt(2), 12);
  });

  it('have no mean over the types where one of them was never measured', () => {
    const fan: Measurement = {
      ...{ variant: 'v', machineType: 'fan', seed: 0, runIds: ['r'], perId: [] },
      type: { auc: 0.6, pAuc: null, aAuc: null, mAuc: 0.6 },
      pooled: { auc: 0.6, pAuc: null, aAuc: null },
    };
    const scopes = (types: string[]) => aggregateMeasurements([fan], types).map(({ scope }) => scope);
    expect(scopes(['fan'])).toContain('overall');
    expect(scopes(['fan', 'pump'])).not.toContain('overall');
  });
});
