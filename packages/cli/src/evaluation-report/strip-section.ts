import { quantile } from '@serial-oe/foundation';
import type { ReportSection } from '@serial-oe/report';
import { type StripRow, stripPlot } from '@serial-oe/report/charts';
import type { ClipScorer, Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import { isDeciding } from '../model/decide';
import { namedMachines } from '../model/machine-names';

/** Severity of a score at the threshold. */
const AT_THRESHOLD = 50;
const SEVERITY_TICKS = [0, 25, 50, 75, 100];
/** Below the median severity is 0; there the axis goes on, this much shorter, so that no dots are heaped. */
const BELOW_MEDIAN = 0.25;
const SEVERITY_RANGE: [number, number] = [-100 * BELOW_MEDIAN - 1, 104];
/** An axis of raw scores reaches this many times the spread of the normal clips beyond the highest of them. */
const N_SPREADS_SHOWN = 3;

/** Every clip as a dot, in rows of normal and faulty ones: on the axis of severity, or where the model holds no normal scores, of raw ones. */
export function stripSection(evaluation: Evaluation, scorer: ClipScorer): ReportSection {
  const { results, machineType } = evaluation;
  const how =
    'Discs are normal clips, diamonds faulty ones; filled is what lies above the threshold and is called anomalous.';
  const heading = 'Every clip';
  if (results.every(({ severity }) => severity !== undefined)) {
    const valueLabel = 'Severity (0: the median normal sound; left of it, even more usual ones)';
    const options = { threshold: AT_THRESHOLD, ticks: SEVERITY_TICKS, range: SEVERITY_RANGE, valueLabel };
    const place = (clip: ScoredClip) => signedSeverity(clip, scorer);
    const svg = stripPlot(rowsOf(machineType, results, place), options);
    return { heading, text: `${how} One scale for all machines.`, figures: [{ svg }] };
  }
  const machines = [...new Set(results.map(({ machineId }) => machineId))];
  const figures = machines.map((id) => {
    const own = results.filter(({ machineId }) => machineId === id);
    const { threshold } = own[0]!;
    const range = rawRange(own, threshold);
    const rows = rowsOf(machineType, own, ({ anomalyScore }) => anomalyScore);
    return { svg: stripPlot(rows, { threshold, ...(range !== null && { range }) }) };
  });
  return { heading, text: how, figures, figureColumns: 2 };
}

function rowsOf(
  machineType: string,
  results: readonly ScoredClip[],
  placeOf: (clip: ScoredClip) => number,
): StripRow[] {
  const machines = [...new Set(results.map(({ machineId }) => machineId))];
  const classes = [
    { label: 'normal', kind: 'normal', name: 'normal' },
    { label: 'anomaly', kind: 'anomalous', name: 'faulty' },
  ] as const;
  return machines.flatMap((id) =>
    classes.flatMap(({ label, kind, name }) => {
      const own = results.filter((clip) => clip.machineId === id && clip.label === label);
      return own.length === 0
        ? []
        : [{ label: `${namedMachines(machineType, [id])} ${name}`, kind, values: own.map(placeOf) }];
    }),
  );
}

/** The severity; of scores below the median, where it is 0, the same curve turned about and made shorter. */
function signedSeverity(
  { machineId, anomalyScore, threshold, severity = 0 }: ScoredClip,
  scorer: ClipScorer,
): number {
  if (severity > 0 || !isDeciding(scorer)) return severity;
  const scores = scorer.decisions.machines.get(machineId)?.normalScores;
  if (scores === undefined) return severity;
  const median = quantile(Float64Array.from(scores).sort(), 0.5);
  if (threshold <= median) return severity;
  const ratio = (median - anomalyScore) / (threshold - median);
  return (-100 * BELOW_MEDIAN * ratio) / (1 + ratio);
}

/** Clear anomalies score so far out that the rest would be one heap: they stand at the end. Null for no limit. */
function rawRange(clips: readonly ScoredClip[], threshold: number): [number, number] | null {
  const normal = clips.flatMap(({ label, anomalyScore }) => (label === 'normal' ? [anomalyScore] : []));
  const lowest = clips.reduce((least, { anomalyScore }) => Math.min(least, anomalyScore), threshold);
  const highestUsual = normal.reduce((most, score) => Math.max(most, score), threshold);
  const limit = highestUsual + N_SPREADS_SHOWN * (highestUsual - lowest);
  const isFarOut = clips.some(({ anomalyScore }) => anomalyScore > limit);
  return highestUsual > lowest && isFarOut ? [lowest, limit] : null;
}
