import type { EpochSummary, SerialOeModel } from '@serial-oe/serial-oe';
import { duration, figure, megabytes, textTable } from '../terminal/format';

/** What a training made. */
export interface TrainingResult {
  model: SerialOeModel;
  /** Where the model is saved. */
  out: string;
  seconds: number;
}

/** The result for scripts. */
export function resultJson({ model, out, seconds }: TrainingResult): object {
  const { machineType, machineIds, config, provenance } = model;
  const detectors = [...model.detectors].map(([machineId, { threshold, calibration }]) => ({
    machineId,
    threshold,
    calibration,
  }));
  return { model: out, machineType, machineIds, seconds, detectors, config, provenance };
}

/** The result as text. */
export function resultText({ model, out, seconds }: TrainingResult): string {
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
  return [
    `${model.machineType} model saved in ${out} after ${duration(seconds)}; final loss ${last.loss.toFixed(4)}`,
    `memory after the first / last epoch: ${first.nTensors} / ${last.nTensors} tensors, ${megabytes(first.tensorBytes)} / ${megabytes(last.tensorBytes)}${rss}`,
    '',
    textTable([{ title: 'machine ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }], rows),
  ].join('\n');
}
