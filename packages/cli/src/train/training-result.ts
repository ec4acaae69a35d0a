import type { EpochSummary, SerialOeModel } from '@serial-oe/serial-oe';
import { duration, figure, megabytes, textTable } from '../terminal/format';

/** What a training made. */
export interface TrainingResult {
  model: SerialOeModel;
  /** Where the model is saved. */
  out: string;
  seconds: number;
  /** Whether an earlier run had made the same model, and this one did nothing. */
  isFinishedAlready: boolean;
}

/** The result for scripts. */
export function resultJson({ model, out, seconds, isFinishedAlready }: TrainingResult): object {
  const { machineType, machineIds, config, provenance } = model;
  const detectors = [...model.detectors].map(([machineId, { threshold, calibration }]) => ({
    machineId,
    threshold,
    calibration,
  }));
  return { model: out, machineType, machineIds, seconds, isFinishedAlready, detectors, config, provenance };
}

/** The result as text. */
export function resultText({ model, out, seconds, isFinishedAlready }: TrainingResult): string {
  const { history } = model.provenance;
  const rows = [...model.detectors].map(([machineId, { threshold, calibration }]) => [
    machineId,
    figure(threshold),
    `${calibration.nClips} clip(s), ${calibration.method}`,
  ]);
  const [first, last] = [history[0] as EpochSummary, history.at(-1) as EpochSummary];
  const rss =
    first.rssBytes !== null && last.rssBytes !== null
      ? `, ${megabytes(first.rssBytes)} / ${megabytes(last.rssBytes)} resident`
      : '';
  const what = isFinishedAlready
    ? `in ${out} is finished already, nothing was left to do`
    : `saved in ${out} after ${duration(seconds)}`;
  return [
    `${model.machineType} model ${what}; final loss ${last.loss.toFixed(4)}`,
    `memory after the first / last epoch: ${first.nTensors} / ${last.nTensors} tensors, ${megabytes(first.tensorBytes)} / ${megabytes(last.tensorBytes)}${rss}`,
    '',
    textTable([{ title: 'machine ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }], rows),
  ].join('\n');
}
