import { pairedDifference, pairsNeeded } from '@serial-oe/evaluation';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { differencesCsv, differencesTable, type ExperimentResults, type Measurement } from '../src';
import type { DifferenceData, ScoredCell } from '../src/results/difference-data';
import type { ResultVariant } from '../src/results/experiment-results';
import { findDifferences, pairsOf } from '../src/results/find-differences';
import { measure } from '../src/results/measure';

const variantOf = (id: string, curve: ResultVariant['curve'] = null): ResultVariant => ({
  ...{ id, title: `the ${id}`, system: 's', curve, isBaseline: false },
});

/** Scores that separate the classes by `shift`, noise by clip and by seed. */
function cellOf(variant: string, machineType: string, seed: number, shift: number): ScoredCell {
  const rows = ['00', '02'].flatMap((machineId) =>
    Array.from({ length: 24 }, (_, i) => {
      const label = i % 2 === 0 ? ('normal' as const) : ('anomaly' as const);
      const noise = Math.sin(12.9898 * i + Number(machineId)) + 0.2 * Math.sin(78.233 * (i + 31 * seed));
      const name = `${machineType}/${machineId}/${i}`;
      return { name, machineType, machineId, label, anomalyScore: noise + (label === 'anomaly' ? shift : 0) };
    }),
  );
  return { variant, machineType, seed, rows };
}

function dataOf(
  shifts: Record<string, number>,
  seeds: number[],
  machineTypes = ['fan', 'pump'],
): DifferenceData {
  const scored = Object.entries(shifts).flatMap(([variant, shift]) =>
    machineTypes.flatMap((machineType) => seeds.map((seed) => cellOf(variant, machineType, seed, shift))),
  );
  const measurements = scored.map(({ variant, machineType, seed, rows }): Measurement => {
    const figures = measure(rows, { machineType });
    return { variant, machineType, seed, runIds: ['r'], ...figures! };
  });
  const variants = Object.keys(shifts).map((id) => variantOf(id));
  return { variants, machineTypes, measurements, scored };
}

describe('findDifferences', () => {
  const data = dataOf({ base: 0.4, better: 1.2, same: 0.4 }, [0, 1, 2]);
  const differences = findDifferences(data);
  const find = (variant: string, machineType: string | null) =>
    differences.find((each) => each.variant === variant && each.machineType === machineType)!;

  it('are over the seeds those of a paired t-test', () => {
    const aAucs = (id: string) =>
      data.measurements
        .filter((each) => each.variant === id && each.machineType === 'fan')
        .map(({ type }) => type.aAuc as number);
    const expected = pairedDifference(aAucs('better'), aAucs('base'));
    const { mean, std, overSeeds, nSeedsNeeded } = find('better', 'fan');
    expectAllClose(
      [mean, std!, overSeeds!.lower, overSeeds!.upper],
      [expected.mean, expected.std, expected.lower, expected.upper],
      { rtol: 1e-12, atol: 1e-15 },
    );
    expect(nSeedsNeeded).toBe(pairsNeeded({ std: expected.std, difference: 0.03 }));
    expect(mean).toBeGreaterThan(0.05);
  });

  it('hold their mean in the intervals over clips and machines, which are wider where less is shared', () => {
    for (const place of [null, 'fan', 'pump']) {
      const { mean, overClips, overMachines } = find('better', place);
      expect(overClips!.lower).toBeLessThan(mean);
      expect(overClips!.upper).toBeGreaterThan(mean);
      if (place !== null)
        expect(overMachines).toBeNull(); // of two machines
      else expect(overMachines).toMatchObject({ n: 4, lower: expect.any(Number) });
      expect(overClips!.n).toBe(place === null ? 96 : 48);
    }
    expect(find('better', null).overClips!.lower).toBeGreaterThan(0);
  });

  it('are none where both have the same scores', () => {
    const none = { lower: 0, upper: 0 };
    expect(find('same', null)).toMatchObject({ mean: 0, std: 0, overSeeds: none, overClips: none });
  });

  it('of one seed have no interval over seeds and tell no number of them', () => {
    const [one] = findDifferences(dataOf({ base: 0.4, better: 1.2 }, [7], ['fan']));
    expect(one).toMatchObject({ machineType: 'fan', std: null, overSeeds: null, nSeedsNeeded: null });
    expect(one?.overClips).not.toBeNull();
  });

  it('leave out a seed that one of both lacks, and intervals over clips that are not the same', () => {
    const measurements = data.measurements.filter(({ variant, seed }) => variant !== 'better' || seed !== 1);
    const scored = data.scored.filter(({ variant, seed }) => variant !== 'better' || seed !== 1);
    const partial = findDifferences({ ...data, measurements, scored });
    const better = partial.find((each) => each.variant === 'better' && each.machineType === null);
    expect(better).toMatchObject({ nSeeds: 2, overClips: null });
    expect(partial.find((each) => each.variant === 'same')?.overClips).not.toBeNull();
    const fewer = data.scored.map((cell) =>
      cell.variant === 'same' ? { ...cell, rows: cell.rows.slice(2) } : cell,
    );
    const other = findDifferences({ ...data, scored: fewer });
    expect(other.find((each) => each.variant === 'same')?.overClips).toBeNull();
    expect(other.find((each) => each.variant === 'better')?.overClips).not.toBeNull();
  });

  it('give the same every time', () => {
    expect(findDifferences(data)).toEqual(differences);
  });

  it('are from the first point of a curve, and for it from the first variant', () => {
    const curve = (label: string, x: number) => variantOf(`${label}-${x}`, { label, x });
    const variants = [
      curve('ids', 0),
      curve('ids', 1),
      curve('no-ids', 0),
      curve('no-ids', 1),
      variantOf('b'),
    ];
    expect(pairsOf(variants).map(({ variant, base }) => `${variant} ${base}`)).toEqual([
      ...['ids-1 ids-0', 'no-ids-0 ids-0', 'no-ids-1 no-ids-0', 'b ids-0'],
    ]);
  });

  it('are shown in points, and in full in a table of commas', () => {
    const { rows } = differencesTable(data, [find('better', 'fan')]);
    expect(rows[0]?.slice(0, 2)).toEqual(['the better', 'the base']);
    expect(rows[0]?.[2]).toMatch(/^\+\d+\.\d\d$/);
    expect(rows[0]?.[3]).toMatch(/^[+-]\d+\.\d\d to [+-]\d+\.\d\d$/);
    const results = { experiment: 'e', differences } as unknown as ExperimentResults;
    const [header, ...lines] = differencesCsv(results).trim().split('\r\n');
    expect(lines).toHaveLength(differences.length);
    expect(header?.split(',')).toHaveLength(16);
    expect(lines.every((line) => line.split(',').length === 16)).toBe(true);
    expect(lines[0]).toMatch(/^e,better,base,,0\.\d+,/);
  });
});
