import type { ExperimentProgress, RunEvent } from '@serial-oe/experiments';
import type { TrainingProgress } from '@serial-oe/serial-oe';
import { duration } from '../terminal/format';
import type { ProgressLine } from '../terminal/progress-line';

/** Shows how experiments go. */
export function showExperiment(event: ExperimentProgress, progress: ProgressLine): void {
  switch (event.kind) {
    case 'plan':
      progress.message(
        `${event.nCells} measurements from ${event.nRuns} trainings, ${event.nFinished} of them finished already`,
      );
      return;
    case 'warning':
      progress.warning(event.message);
      return;
    case 'run':
      showRun(event, progress);
      return;
    case 'runFinished':
      progress.message(
        `${event.runId} done in ${duration(event.seconds)}  ${event.nDone}/${event.nRuns} runs`,
      );
      return;
    case 'runFailed':
      progress.warning(`${event.runId} failed, the others go on: ${event.error.message}`);
      return;
    case 'maps':
      progress.update(`t-SNE maps ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      return;
    case 'results':
      progress.message(`${event.experiment}: report.html, results.csv, results.json in ${event.folder}`);
      return;
    case 'runStarted':
      return;
  }
}

function showRun(event: Extract<ExperimentProgress, { kind: 'run' }>, progress: ProgressLine): void {
  const { runId, nDone, nRuns, share, secondsLeft } = event;
  const inner = event.event.kind === 'training' ? event.event.event : event.event;
  if (inner.kind === 'warning') progress.warning(`${runId}: ${inner.message}`);
  if (inner.kind === 'resumed') progress.message(`${runId}: resuming at epoch ${inner.epoch + 1}`);
  const stage = stageOf(inner);
  if (stage === null) return;
  const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
  progress.update(`runs ${nDone}/${nRuns}${left}  ${runId} ${stage}`, share);
}

/** What a run is at; null for what passes in no time. */
function stageOf(event: TrainingProgress | Exclude<RunEvent, { kind: 'training' }>): string | null {
  switch (event.kind) {
    case 'step':
      return `epoch ${event.epoch + 1}/${event.nEpochs}  loss ${event.loss.toFixed(4)}`;
    case 'reading':
    case 'embedding':
    case 'scoring':
      return `${event.kind} ${event.nDone}/${event.nTotal}`;
    default:
      return null;
  }
}
