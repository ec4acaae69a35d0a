import {
  ALL_MACHINE_TYPES,
  type ClipScorer,
  changeText,
  type ScoreChange,
} from '@serial-oe/runtime/contract';
import type { EpochSummary } from '@serial-oe/serial-oe';
import { isDeciding } from '../model/decide';
import { isEnsemble } from '../model/loaded-model';
import { typesIn } from '../model/machine-names';
import type { SystemName } from '../system-table';
import { duration, figure, megabytes, percent, textTable } from '../terminal/format';

/** What a training made. */
export interface TrainingResult {
  system: SystemName;
  scorer: ClipScorer;
  machineType: string;
  config: object;
  /** Where the model is saved. */
  out: string;
  seconds: number;
  /** Whether an earlier run had made the same model, and this one did nothing. */
  isFinishedAlready: boolean;
  /** What float16 did to the scores, where it was asked for. */
  change: ScoreChange | null;
}

/** The result for scripts. */
export function resultJson(result: TrainingResult): object {
  const { system, scorer, machineType, config, out, seconds, isFinishedAlready, change } = result;
  const { machineIds, provenance } = scorer;
  const detectors = [...(scorer.thresholds ?? [])].map(([machineId, { threshold, calibration }]) => ({
    machineId,
    threshold,
    calibration,
  }));
  const own = isDeciding(scorer) ? scorer.scorer : scorer;
  const members = isEnsemble(own) ? own.members.map(({ name }) => name) : undefined;
  return {
    ...{ model: out, system, members, machineType, machineIds, seconds, isFinishedAlready, detectors },
    ...{ config, provenance, ...(change !== null && { float16: change }) },
  };
}

/** The result as text. */
export function resultText({ scorer, machineType, out, seconds, ...result }: TrainingResult): string {
  const { system, isFinishedAlready, change } = result;
  const rows = [...(scorer.thresholds ?? [])].map(([machineId, { threshold, calibration }]) => [
    machineId,
    figure(threshold),
    `${calibration.nClips} clip(s), ${calibration.method}`,
    `${percent(calibration.falseAlarmRate)}${isExtrapolated(scorer, machineId) ? ', extrapolated' : ''}`,
  ]);
  const what = isFinishedAlready
    ? `in ${out} is finished already, nothing was left to do`
    : `saved in ${out} after ${duration(seconds)}`;
  const history = historyOf(scorer);
  const last = history.at(-1);
  const loss = last === undefined ? '' : `; final loss ${last.loss.toFixed(4)}`;
  return [
    `${machineType === ALL_MACHINE_TYPES ? `model of ${typesIn(scorer.machineIds).join(', ')}` : `${machineType} model`} ${what}${loss}`,
    `system ${systemText(system, scorer)}`,
    ...(change === null ? [] : [`weights in float16. ${changeText(change)}`]),
    ...memoryText(history),
    '',
    textTable(
      [
        { title: 'machine ID' },
        { title: 'threshold', align: 'right' },
        { title: 'set on' },
        { title: 'false alarms asked for' },
      ],
      rows,
    ),
  ].join('\n');
}

/** Whether the rate is smaller than so few clips can tell. */
function isExtrapolated(scorer: ClipScorer, machineId: string): boolean {
  return isDeciding(scorer) && (scorer.decisions.machines.get(machineId)?.extrapolated ?? false);
}

/** `ensemble: serial-oe, mel-statistics and level, the highest of their scores counts`. */
export function systemText(system: SystemName, made: ClipScorer): string {
  const scorer = isDeciding(made) ? made.scorer : made;
  if (!isEnsemble(scorer)) return system;
  const names = scorer.members.map(({ name }) => name);
  if (names.length === 1) return `${system}: ${names[0]} alone`;
  const rules = { min: 'the lowest of their scores', max: 'the highest', mean: 'their mean' };
  const listed = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${system}: ${listed}, ${rules[scorer.fusion]} counts`;
}

/** The epochs of the network; none without one. */
function historyOf(made: ClipScorer): EpochSummary[] {
  const scorer = isDeciding(made) ? made.scorer : made;
  const own = scorer.provenance?.history;
  if (Array.isArray(own)) return own;
  return isEnsemble(scorer) ? scorer.members.flatMap((member) => historyOf(member.scorer)) : [];
}

function memoryText(history: readonly EpochSummary[]): string[] {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rss =
    first.rssBytes !== null && last.rssBytes !== null
      ? `, ${megabytes(first.rssBytes)} / ${megabytes(last.rssBytes)} resident`
      : '';
  return [
    `memory after the first / last epoch: ${first.nTensors} / ${last.nTensors} tensors, ${megabytes(first.tensorBytes)} / ${megabytes(last.tensorBytes)}${rss}`,
  ];
}
