import type { Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import { verdictLine, verdictOf } from '../src/evaluate/verdict';
import { clipNames } from '../src/evaluation-report/clip-names';
import { verdictSection } from '../src/evaluation-report/verdict-section';

const clip = (name: string, label: ScoredClip['label'], severity: number): ScoredClip => ({
  ...{
    path: `${name}.wav`,
    machineType: 'fan',
    machineId: '00',
    label,
    severity,
    percentile: severity / 100,
  },
  ...{ anomalyScore: severity, threshold: 50, isAnomaly: severity > 50 },
});
const evaluationOf = (results: ScoredClip[]) => ({ results }) as unknown as Evaluation;
const names = clipNames(['loud.wav', 'worn.wav']);
const thresholds = new Map([
  ['00', { threshold: 50, calibration: { method: 'gamma', nClips: 20, falseAlarmRate: 0.01 } }],
]);

describe('the verdict of an evaluation', () => {
  const results = [
    ...Array.from({ length: 18 }, (_, i) => clip(`good ${i}`, 'normal', i)),
    ...[clip('loud', 'normal', 80), clip('louder', 'normal', 90)],
    ...[clip('broken', 'anomaly', 95), clip('worn', 'anomaly', 40), clip('faint', 'anomaly', 10)],
  ];
  const verdict = verdictOf(evaluationOf(results), { thresholds });

  it('names what was missed and what cried wolf', () => {
    expect(verdict.missed.map(({ path }) => path)).toEqual(['worn.wav', 'faint.wav']);
    expect(verdict.falseAlarms.map(({ path }) => path)).toEqual(['louder.wav', 'loud.wav']);
  });

  it('tells counts beside rates, and what was asked for', () => {
    expect(verdict.text).toBe(
      '1 of 3 faulty clips were found (33 %). 1 % false alarms were asked for; 2 of 20 normal clips raised one (10 %; with ' +
        '95 % confidence the rate behind that is 1.2 % to 32 %).',
    );
    expect(verdict.warnings).toEqual(['3 faulty clip(s) are too few to tell a rate.']);
    expect(verdictLine(verdict)).toBe(`${verdict.text} ${verdict.warnings[0]}`);
  });

  it('gives no interval of fewer than ten normal clips', () => {
    const nine = Array.from({ length: 9 }, (_, i) => clip(`n${i}`, 'normal', i === 0 ? 60 : i));
    expect(verdictOf(evaluationOf(nine), {}).text).toContain('1 of 9 normal clips raised one (11 %).');
    expect(verdictOf(evaluationOf([...nine, clip('n9', 'normal', 9)]), {}).text).toContain('95 % confidence');
  });

  it('says where there is nothing to tell', () => {
    expect(verdictOf(evaluationOf([clip('a', 'normal', 0)]), {}).text).toMatch(
      /^There is no faulty clip to be found\. 0 of 1 normal clips raised one/,
    );
    expect(verdictOf(evaluationOf([clip('a', 'anomaly', 90)]), {}).text).toContain('no normal clip');
  });

  it('is a section of the report, with the clips by name', () => {
    const { tables = [], text, warnings } = verdictSection(verdict, names);
    expect(text).toBe(`${verdict.text}\n\nA clip at the threshold has a severity of 50.`);
    expect(warnings).toEqual(verdict.warnings);
    expect(tables.map(({ caption }) => caption)).toEqual([
      'Missed faults, nearest to the threshold first',
      'False alarms, most severe first',
    ]);
    expect(tables[0]!.rows[0]).toEqual(['worn.wav', '00', 40, 0.4, 40, 50]);
    const many = Array.from({ length: 30 }, (_, i) => clip(`m${i}`, 'anomaly', i));
    expect(verdictSection(verdictOf(evaluationOf(many), {}), names).tables![0]).toMatchObject({
      caption: 'Missed faults, nearest to the threshold first (10 of 30)',
      rows: { length: 10 },
    });
  });
});
