import type { ClipScorer, Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import { Decisions, withDecisions } from '@serial-oe/runtime/contract';
import { allClipsSection } from '../src/evaluation-report/all-clips-section';
import { clipNames } from '../src/evaluation-report/clip-names';
import { figuresSection } from '../src/evaluation-report/figures-section';
import { stripSection } from '../src/evaluation-report/strip-section';

const clip = (path: string, label: ScoredClip['label'], anomalyScore: number): ScoredClip => ({
  ...{ path, machineType: 'fan', machineId: '00', label, anomalyScore },
  ...{ threshold: 5, isAnomaly: anomalyScore > 5 },
});
const results = [
  ...[1, 2, 3, 4, 6].map((score) => clip(`/data/fan/test/normal ${score}.wav`, 'normal', score)),
  ...[3, 7, 8].map((score) => clip(`/data/fan/test/worn ${score}.wav`, 'anomaly', score)),
];
const perId = {
  machineType: 'fan',
  machineId: '00',
  nNormal: 5,
  nAnomalous: 3,
  auc: 0.9,
  pAuc: 0.8,
  aAuc: 0.85,
  reason: null,
};
const evaluation = {
  machineType: 'fan',
  results,
  summary: { maxFpr: 0.1, perId: [perId], perType: [], overall: {} },
  decisions: [
    {
      ...{ machineId: '00', threshold: 5, falsePositiveRate: 0.2, truePositiveRate: 2 / 3 },
      aucInterval: { estimate: 0.9, lower: 0.5, upper: 1 },
    },
  ],
} as unknown as Evaluation;
const names = clipNames(results.map(({ path }) => path));

describe('names of clips', () => {
  it('leave out the folders that all have in common', () => {
    expect(names.folder).toBe('/data/fan/test');
    expect(names.nameOf('/data/fan/test/worn 3.wav')).toBe('worn 3.wav');
    const two = clipNames(['a/b/x.wav', 'a/c/x.wav']);
    expect([two.folder, two.nameOf('a/c/x.wav')]).toEqual(['a', 'c/x.wav']);
    expect(clipNames(['x.wav', 'a/x.wav']).nameOf('a/x.wav')).toBe('a/x.wav');
    expect(clipNames([]).folder).toBe('');
  });
});

describe('the table of all clips', () => {
  it('is folded, begins with the most severe, and says what is wrong', () => {
    const { isFolded, text, tables = [] } = allClipsSection(evaluation, names);
    expect([isFolded, text]).toEqual([true, 'Names of clips are below /data/fan/test.']);
    const [{ rows }] = tables as [(typeof tables)[0]];
    expect(rows[0]!.slice(0, 4)).toEqual(['worn 8.wav', 'faulty', 'anomalous', '00']);
    expect(rows[2]!.slice(0, 3)).toEqual(['normal 6.wav', 'normal', 'anomalous (wrong)']);
    expect(rows).toContainEqual(expect.arrayContaining(['worn 3.wav', 'faulty', 'normal (wrong)']));
    expect(rows).toHaveLength(8);
  });
});

describe('the figures', () => {
  it('stand beside counts, and have no interval of fewer than ten clips a class', () => {
    const { tables = [], warnings = [] } = figuresSection(evaluation);
    expect(tables[0]!.rows[0]!.slice(4, 6)).toEqual([null, null]);
    expect(warnings[0]).toMatch(/^Fewer than 10 normal or faulty clips of fan 00/);
    expect(tables[1]!.rows[0]).toEqual(['fan 00', 5, '2 of 3 (67 %)', '1 of 5 (20 %)']);
    const many = {
      ...evaluation,
      summary: { ...evaluation.summary, perId: [{ ...perId, nNormal: 10, nAnomalous: 10 }] },
    };
    const enough = figuresSection(many as unknown as Evaluation);
    expect(enough.warnings).toEqual([]);
    expect(enough.tables![0]!.rows[0]!.slice(4, 6)).toEqual([0.5, 1]);
  });
});

describe('every clip as a dot', () => {
  const plain = {} as ClipScorer;

  it('lies on the raw scores of its machine where the model holds no normal ones', () => {
    const { figures = [], text } = stripSection(evaluation, plain);
    expect(figures).toHaveLength(1);
    expect(figures[0]!.svg).toContain(
      'Anomaly score: one dot a clip, fan 00 normal (5), fan 00 faulty (3), threshold 5',
    );
    expect(text).not.toContain('One scale');
  });

  it('lies on the severity where it does, and what is below the median is not heaped', () => {
    const scores = [1, 2, 3, 4, 5].map((anomalyScore) => ({ machineId: '00', anomalyScore }));
    const deciding = withDecisions(plain, Decisions.fit(scores, { falseAlarmRate: 0.1 }));
    const { threshold } = deciding.decisions.machines.get('00')!;
    const severe = results.map((each) => ({
      ...each,
      threshold,
      severity: Math.max(0, 10 * (each.anomalyScore - 3)),
    }));
    const { figures = [], text } = stripSection({ ...evaluation, results: severe }, deciding);
    expect(text).toContain('One scale for all machines.');
    expect(figures[0]!.svg).toContain('threshold 50');
    const places = [...figures[0]!.svg!.matchAll(/matrix\([\d.]+,0,0,[\d.]+,([\d.]+),/g)].map(([, x]) => x);
    expect(new Set(places).size).toBeGreaterThan(5);
  });
});
