import { realizedRate } from '@serial-oe/decision';
import type { ClipScorer, Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import { percent } from '../terminal/format';
import { FEW_CLIPS } from './few-clips';

/** What the thresholds did with the test clips. */
export interface Verdict {
  /** Sentences for people. */
  text: string;
  /** What to bear in mind, in sentences: too few clips. */
  warnings: string[];
  /** Faulty clips that were called normal, the nearest to the threshold first. */
  missed: ScoredClip[];
  /** Normal clips that were called anomalous, the most severe first. */
  falseAlarms: ScoredClip[];
}

/** What was found and what was not, with counts beside the rates, and the rate of false alarms that was asked for. */
export function verdictOf({ results }: Evaluation, { thresholds }: Pick<ClipScorer, 'thresholds'>): Verdict {
  const bySeverity = (a: ScoredClip, b: ScoredClip) =>
    (b.severity ?? b.anomalyScore) - (a.severity ?? a.anomalyScore);
  const faulty = results.filter(({ label }) => label === 'anomaly');
  const normal = results.filter(({ label }) => label === 'normal');
  const missed = faulty.filter(({ isAnomaly }) => !isAnomaly).sort(bySeverity);
  const falseAlarms = normal.filter(({ isAnomaly }) => isAnomaly).sort(bySeverity);
  const asked = new Set(
    [...(thresholds?.values() ?? [])].map(({ calibration }) => calibration.falseAlarmRate),
  );
  const sentences = [
    faulty.length === 0
      ? 'There is no faulty clip to be found.'
      : `${faulty.length - missed.length} of ${faulty.length} faulty clips were found (${percent(1 - missed.length / faulty.length)}).`,
    normal.length === 0
      ? 'There is no normal clip to raise a false alarm.'
      : falseAlarmSentence(normal, [...asked]),
  ];
  const warnings = fewSentence({ faulty: faulty.length, normal: normal.length });
  return { text: sentences.join(' '), warnings, missed, falseAlarms };
}

function falseAlarmSentence(normal: readonly ScoredClip[], asked: readonly number[]): string {
  const flags = normal.map(({ isAnomaly }) => (isAnomaly ? 1 : 0));
  const { nAbove, nScores, rate, interval } = realizedRate(flags, { threshold: 0.5 });
  const wish = asked.length === 1 ? `${percent(asked[0]!)} false alarms were asked for; ` : '';
  const spread =
    nScores < FEW_CLIPS
      ? ''
      : `; with 95 % confidence the rate behind that is ${percent(interval.lower)} to ${percent(interval.upper)}`;
  return `${wish}${nAbove} of ${nScores} normal clips raised one (${percent(rate)}${spread}).`;
}

function fewSentence(counts: { faulty: number; normal: number }): string[] {
  const few = Object.entries(counts).filter(([, n]) => n > 0 && n < FEW_CLIPS);
  if (few.length === 0) return [];
  return [`${few.map(([name, n]) => `${n} ${name}`).join(' and ')} clip(s) are too few to tell a rate.`];
}

/** The verdict with what to bear in mind, on one line. */
export function verdictLine({ text, warnings }: Pick<Verdict, 'text' | 'warnings'>): string {
  return [text, ...warnings].join(' ');
}
