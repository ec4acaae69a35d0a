import type { ClipScorer } from '@serial-oe/runtime/contract';
import type { EpochSummary } from '@serial-oe/serial-oe';
import { isEnsemble } from '../model/loaded-model';
import type { SystemName } from '../system-table';
import { duration, figure, megabytes, textTable } from '../terminal/format';

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
}

/** The result for scripts. */
export function resultJson(result: TrainingResult): object {
  const { system, scorer, machineType, config, out, seconds, isFinishedAlready } = result;
  const { machineIds, provenance } = scorer;
  const detectors = [...(scorer.thresholds ?? [])].map(([machineId, { threshold, calibration }]) => ({
    machineId,
    threshold,
    calibration,
  }));
  const members = isEnsemble(scorer) ? scorer.members.map(({ name }) => name) : undefined;
  return {
    ...{ model: out, system, members, machineType, machineIds, seconds, isFinishedAlready, detectors },
    ...{ config, provenance },
  };
}

/** The result as text. */
export function resultText({ scorer, machineType, out, seconds, ...result }: TrainingResult): string {
  const { system, isFinishedAlready } = result;
  const rows = [...(scorer.thresholds ?? [])].map(([machineId, { threshold, calibration }]) => [
    machineId,
    figure(threshold),
    `${calibration.nClips} clip(s), ${calibration.method}`,
  ]);
  const what = isFinishedAlready
    ? `in ${out} is finished already, nothing was left to do`
    : `saved in ${out} after ${duration(seconds)}`;
  const history = historyOf(scorer);
  const last = history.at(-1);
  const loss = last === undefined ? '' : `; final loss ${last.loss.toFixed(4)}`;
  return [
    `${machineType} model ${what}${loss}`,
    `system ${systemText(system, scorer)}`,
    ...memoryText(history),
    '',
    textTable([{ title: 'machine ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }], rows),
  ].join('\n');
}

/** `ensemble: serial-oe, mel-statistics and level, the highest of their scores counts`. */
export function systemText(system: SystemName, scorer: ClipScorer): string {
  if (!isEnsemble(scorer)) return system;
  const names = scorer.members.map(({ name }) => name);
  if (names.length === 1) return `${system}: ${names[0]} alone`;
  const rules = { min: 'the lowest of their scores', max: 'the highest', mean: 'their mean' };
  const listed = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${system}: ${listed}, ${rules[scorer.fusion]} counts`;
}

/** The epochs of the network; none without one. */
function historyOf(scorer: ClipScorer): EpochSummary[] {
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
