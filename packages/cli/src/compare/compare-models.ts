import { averageAuc, type BootstrappedFigure, pairedBootstrap, rocAuc } from '@serial-oe/evaluation';
import { seededRandom } from '@serial-oe/foundation';
import { type Evaluation, type ScoredClip, TrainingDataError } from '@serial-oe/runtime/contract';
import { figure, textTable } from '../terminal/format';

/** One model's share of a comparison. */
export interface ComparedModel {
  name: string;
  evaluation: Evaluation;
}

/** A figure of both models on the same clips, and the difference, second minus first. */
export interface Difference {
  /** Null for the mean of the machines. */
  machineId: string | null;
  nNormal: number;
  nAnomalous: number;
  first: number;
  second: number;
  difference: BootstrappedFigure;
}

export interface Comparison {
  names: [string, string];
  /** Of aAUC: each machine that has clips of both classes, then the mean of them. */
  differences: Difference[];
  /** Faults that one model found and the other did not. */
  onlyFirst: string[];
  onlySecond: string[];
}

/**
 * Two models on the test clips that both know: aAUC and its difference with a 95 % interval of a paired bootstrap over the clips.
 * @param caller what messages begin with
 * @throws TrainingDataError where no machine that both know has clips of both classes
 */
export function compareModels(
  [first, second]: readonly [ComparedModel, ComparedModel],
  caller = 'serial-oe compare',
): Comparison {
  const ofSecond = new Map(second.evaluation.results.map((result) => [result.path, result]));
  const pairs = first.evaluation.results.flatMap((own) => {
    const other = ofSecond.get(own.path);
    return other === undefined ? [] : [{ own, other }];
  });
  const machineIds = [...new Set(pairs.map(({ own }) => own.machineId))].filter((id) => {
    const labels = new Set(pairs.filter(({ own }) => own.machineId === id).map(({ own }) => own.label));
    return labels.size === 2;
  });
  const counted = pairs.filter(({ own }) => machineIds.includes(own.machineId));
  if (counted.length === 0) {
    throw new TrainingDataError(
      `${caller}: the data must hold normal and anomalous test clips of a machine that both models know, got none.`,
    );
  }
  const found = (a: ScoredClip, b: ScoredClip) => a.label === 'anomaly' && a.isAnomaly && !b.isAnomaly;
  return {
    names: [first.name, second.name],
    differences: differencesOf(counted, machineIds),
    onlyFirst: pairs.filter(({ own, other }) => found(own, other)).map(({ own }) => own.path),
    onlySecond: pairs.filter(({ own, other }) => found(other, own)).map(({ own }) => own.path),
  };
}

interface Pair {
  own: ScoredClip;
  other: ScoredClip;
}

function differencesOf(pairs: readonly Pair[], machineIds: readonly string[]): Difference[] {
  const figures = (indices: ArrayLike<number>) => {
    const drawn = Array.from(indices, (i) => pairs[i]!);
    const rows = machineIds.map((id) => {
      const own = drawn.filter((pair) => pair.own.machineId === id);
      return [aAucOf(own, 'own'), aAucOf(own, 'other')] as const;
    });
    const mean = [0, 1].map((k) => rows.reduce((sum, row) => sum + row[k]! / rows.length, 0));
    const all = [...rows, [mean[0]!, mean[1]!] as const];
    return all.flatMap(([a, b]) => [a, b, b - a]);
  };
  const estimates = pairedBootstrap({
    strata: pairs.map(({ own }) => `${own.machineId} ${own.label}`),
    statistics: figures,
    random: seededRandom(0, 'compare'),
  });
  return [...machineIds, null].map((machineId, i) => {
    const own = machineId === null ? pairs : pairs.filter((pair) => pair.own.machineId === machineId);
    const nAnomalous = own.filter((pair) => pair.own.label === 'anomaly').length;
    return {
      ...{ machineId, nNormal: own.length - nAnomalous, nAnomalous },
      ...{ first: estimates[3 * i]!.estimate, second: estimates[3 * i + 1]!.estimate },
      difference: estimates[3 * i + 2]!,
    };
  });
}

function aAucOf(pairs: readonly Pair[], which: keyof Pair): number {
  const labels = pairs.map(({ own }) => (own.label === 'anomaly' ? 1 : 0));
  const scores = pairs.map((pair) => pair[which].anomalyScore);
  return averageAuc({ auc: rocAuc(labels, scores), pAuc: rocAuc(labels, scores, { maxFpr: 0.1 }) });
}

/** The comparison as text. */
export function comparisonText({ names, differences, onlyFirst, onlySecond }: Comparison): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const table = textTable(
    [
      { title: 'machine' },
      right('normal'),
      right('anomalous'),
      right(names[0]),
      right(names[1]),
      right('difference'),
      right('95 %'),
    ],
    differences.map(({ machineId, nNormal, nAnomalous, first, second, difference }) => [
      ...[machineId ?? 'mean of the IDs', String(nNormal), String(nAnomalous), figure(first), figure(second)],
      ...[signed(difference.estimate), `${signed(difference.lower)} to ${signed(difference.upper)}`],
    ]),
  );
  return [
    'aAUC on the same clips',
    table.trimEnd(),
    '',
    verdictOf(names, differences.at(-1)!.difference),
    ...foundAlone(names[0], onlyFirst),
    ...foundAlone(names[1], onlySecond),
    '',
  ].join('\n');
}

/** In a sentence. */
export function verdictOf(
  [first, second]: Comparison['names'],
  { lower, upper }: BootstrappedFigure,
): string {
  if (lower > 0) return `${second} is better than ${first} on these clips.`;
  if (upper < 0) return `${first} is better than ${second} on these clips.`;
  return 'Neither is shown to be better on these clips: the interval of the difference holds 0.';
}

function foundAlone(name: string, paths: readonly string[]): string[] {
  return paths.length === 0 ? [] : [`Found by ${name} alone: ${paths.join(', ')}`];
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
