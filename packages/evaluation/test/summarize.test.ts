import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import type { ClipResult, IdSummary } from '../src/index';
import { summarize } from '../src/index';
import golden from './golden/evaluation.json';

const { results, perId, perType, overall, maxFpr } = golden.summary;
const FIGURES = ['auc', 'pAuc', 'aAuc'] as const;
const AVERAGED = [...FIGURES, 'mAuc', 'hAuc'] as const;

type Figures<Name extends string> = Record<Name, number | null>;

function expectFigures<Name extends string>(
  actual: Figures<Name>,
  expected: Record<Name, number>,
  names: readonly Name[],
) {
  expectAllClose(
    names.map((name) => actual[name] ?? NaN),
    names.map((name) => expected[name]),
    golden.tolerance,
  );
}

describe('summarize equals scikit-learn', () => {
  const summary = summarize(results, { maxFpr });

  it('per ID', () => {
    expect(summary.perId).toHaveLength(Object.keys(perId).length);
    for (const id of summary.perId) {
      const key = `${id.machineType}/${id.machineId}` as keyof typeof perId;
      expectFigures(id, perId[key], FIGURES);
      const rows = results.filter((row) => `${row.machineType}/${row.machineId}` === key);
      expect(id.nAnomalous).toBe(rows.filter((row) => row.label === 1).length);
      expect(id.nNormal + id.nAnomalous).toBe(rows.length);
      expect(id.reason).toBeNull();
    }
  });

  it('per type, averaged and pooled', () => {
    expect(summary.perType).toHaveLength(2);
    for (const type of summary.perType) {
      const expected = perType[type.machineType as keyof typeof perType];
      expectFigures(type, expected, AVERAGED);
      expectFigures(type.pooled, expected.pooled, FIGURES);
    }
  });

  it('overall, averaged and pooled', () => {
    expectFigures(summary.overall, overall, AVERAGED);
    expectFigures(summary.overall.pooled, overall.pooled, FIGURES);
    expect(summary.overall.pooled.nNormal + summary.overall.pooled.nAnomalous).toBe(results.length);
  });

  it('with maxFpr 0.1 by default, and another figure with another', () => {
    expect(summarize(results)).toEqual(summary);
    expect(summarize(results, { maxFpr: 0.5 }).overall.pAuc).not.toBeCloseTo(overall.pAuc, 3);
    expect(summarize(results, { maxFpr: 1 }).overall.pAuc).toBe(summary.overall.auc);
  });
});

function row(
  machineType: string,
  machineId: string,
  label: ClipResult['label'],
  anomalyScore: number,
): ClipResult {
  return { machineType, machineId, label, anomalyScore };
}

describe('summarize', () => {
  const good = [row('pump', '00', 'normal', 1), row('pump', '00', 'anomaly', 2)];

  it('lists an ID of one class with null and a reason, and leaves it out of the averages by name', () => {
    const summary = summarize([...good, row('pump', '02', 0, 5), row('pump', '04', 1, 0)]);
    const listed: IdSummary[] = summary.perId.slice(1);
    expect(listed).toEqual([
      {
        ...nothing,
        machineType: 'pump',
        machineId: '02',
        nNormal: 1,
        nAnomalous: 0,
        reason: 'no anomalous clips',
      },
      {
        ...nothing,
        machineType: 'pump',
        machineId: '04',
        nNormal: 0,
        nAnomalous: 1,
        reason: 'no normal clips',
      },
    ]);
    const [type] = summary.perType;
    expect(type).toMatchObject({ auc: 1, pAuc: 1, aAuc: 1, mAuc: 1, hAuc: 1, averagedMachineIds: ['00'] });
    expect(type?.excludedMachineIds).toEqual([
      { machineId: '02', reason: 'no anomalous clips' },
      { machineId: '04', reason: 'no normal clips' },
    ]);
    // normals 1 and 5, anomalies 2 and 0: one of four pairs in order
    expect(type?.pooled).toMatchObject({ nNormal: 2, nAnomalous: 2, auc: 0.25, reason: null });
  });

  it('names a type without any figure and averages over the others', () => {
    const summary = summarize([row('fan', '00', 0, 1), ...good]);
    expect(summary.perType[0]).toMatchObject({ ...nothing, mAuc: null, hAuc: null, averagedMachineIds: [] });
    expect(summary.perType[0]?.pooled).toMatchObject({ ...nothing, reason: 'no anomalous clips' });
    expect(summary.overall).toMatchObject({ auc: 1, mAuc: 1, hAuc: 1, averagedMachineTypes: ['pump'] });
    expect(summary.overall.excludedMachineTypes).toEqual([
      { machineType: 'fan', reason: 'no machine ID with both normal and anomalous clips' },
    ]);
    expect(JSON.stringify(summary)).not.toContain('NaN');
  });

  it('gives null, not NaN, where nothing can be measured', () => {
    const { overall: none } = summarize([row('fan', '00', 0, 1)]);
    expect(none).toMatchObject({ ...nothing, mAuc: null, hAuc: null, pooled: nothing });
  });

  it('takes the lowest AUC as mAUC and lets an AUC of 0 pull hAUC to 0', () => {
    const reversed = [row('pump', '02', 0, 2), row('pump', '02', 1, 1)];
    const [type] = summarize([...good, ...reversed]).perType;
    expect(type).toMatchObject({ auc: 0.5, mAuc: 0, hAuc: 0 });
  });

  it('keeps IDs of the same name in different types apart, in order of appearance', () => {
    const summary = summarize([...good, row('fan', '00', 0, 9), row('fan', '00', 1, 3)]);
    expect(summary.perId.map(({ machineType, auc }) => [machineType, auc])).toEqual([
      ['pump', 1],
      ['fan', 0],
    ]);
    expect(summary.overall.auc).toBe(0.5);
  });

  it('refuses bad rows and names them', () => {
    expect(() => summarize([])).toThrow(RangeError);
    expect(() => summarize({} as ClipResult[])).toThrow(TypeError);
    expect(() => summarize([...good, row('pump', '00', 1, NaN)])).toThrow(
      /results\[2\]\.anomalyScore must be a finite number/,
    );
    expect(() => summarize([row('pump', '00', 'abnormal' as 'anomaly', 1)])).toThrow(
      /results\[0\]\.label.*'abnormal'/,
    );
    expect(() => summarize([row('pump', 0 as unknown as string, 1, 1)])).toThrow(
      /machineId must be a string/,
    );
    expect(() => summarize([null as unknown as ClipResult])).toThrow(
      /results\[0\]\.machineType must be a string/,
    );
    expect(() => summarize(good, { maxFpr: 0 })).toThrow(/evaluation\.summarize: maxFpr/);
  });
});

const nothing = { auc: null, pAuc: null, aAuc: null };
