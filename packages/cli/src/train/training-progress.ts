import type { EpochSummary, TrainingProgress } from '@serial-oe/runtime/contract';
import { duration, megabytes } from '../terminal/format';
import type { ProgressLine } from '../terminal/progress-line';

/** What the loss of serial-oe is made of; other systems have other terms. */
interface Terms {
  typeLoss?: number | null;
  idLoss?: number | null;
}

/** Shows how a training goes. */
export function showTraining(event: TrainingProgress<Terms>, progress: ProgressLine): void {
  switch (event.kind) {
    case 'reading':
      progress.update(`reading clips ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      if (event.nDone === event.nTotal) progress.close();
      return;
    case 'resumed':
      progress.message(
        `resuming from ${event.path} at epoch ${event.epoch + 1}, step ${event.stepInEpoch + 1}`,
      );
      return;
    case 'step':
      progress.update(stepLine(event), event.nDone / event.nTotal);
      return;
    case 'epoch':
      progress.message(epochLine(event));
      return;
    case 'checkpoint':
      progress.message(`checkpoint saved in ${event.path}`);
      return;
    case 'embedding':
      progress.update(`embedding normal clips ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      if (event.nDone === event.nTotal) progress.close();
      return;
    case 'memoryPlan':
      if (event.message !== null) progress.message(event.message);
      return;
    case 'warning':
      progress.warning(event.message);
      return;
    case 'detector':
      return;
  }
}

function stepLine(event: Extract<TrainingProgress<Terms>, { kind: 'step' }>): string {
  const { epoch, nEpochs, nDone, nTotal, loss, typeLoss, idLoss, learningRate, clipsPerSecond, secondsLeft } =
    event;
  return [
    `epoch ${epoch + 1}/${nEpochs}`,
    `step ${nDone}/${nTotal}`,
    `loss ${loss.toFixed(4)}${termsText({ typeLoss, idLoss })}`,
    `lr ${learningRate.toExponential(2)}`,
    `${clipsPerSecond.toFixed(1)} clips/s`,
    `${duration(secondsLeft)} left`,
  ].join('  ');
}

function epochLine(event: EpochSummary<Terms> & { nEpochs: number }): string {
  const { epoch, nEpochs, loss, typeLoss, idLoss, validationLoss, nTensors, tensorBytes } = event;
  const { heapBytes, rssBytes } = event;
  return [
    `epoch ${epoch + 1}/${nEpochs} done`,
    `mean loss ${loss.toFixed(4)}${termsText({ typeLoss, idLoss })}`,
    ...(validationLoss === null ? [] : [`validation ${validationLoss.toFixed(4)}`]),
    `${nTensors} tensors, ${megabytes(tensorBytes)}`,
    ...(heapBytes === null ? [] : [`WASM heap ${megabytes(heapBytes)}`]),
    ...(rssBytes === null ? [] : [`memory ${megabytes(rssBytes)}`]),
  ].join('  ');
}

function termsText({ typeLoss, idLoss }: Terms): string {
  if (typeLoss === undefined || idLoss === undefined) return '';
  return ` (type ${part(typeLoss)}, id ${part(idLoss)})`;
}

function part(loss: number | null): string {
  return loss === null ? '-' : loss.toFixed(4);
}
