import type { ExperimentProgress, JobEvent } from '@serial-oe/experiments';
import type { TrainingProgress } from '@serial-oe/runtime';
import { duration } from '../terminal/format';
import type { ProgressLine } from '../terminal/progress-line';

/** Shows how experiments go. */
export function showExperiment(event: ExperimentProgress, progress: ProgressLine): void {
  switch (event.kind) {
    case 'plan':
      progress.message(
        `${event.nCells} measurements from ${event.nJobs} trainings, ${event.nFinished} of them finished already`,
      );
      return;
    case 'warning':
      progress.warning(event.message);
      return;
    case 'job':
      showJob(event, progress);
      return;
    case 'jobFinished':
      progress.message(
        `${event.jobId} done in ${duration(event.seconds)}  ${event.nDone}/${event.nJobs} jobs`,
      );
      return;
    case 'jobFailed':
      progress.warning(`${event.jobId} failed, the others go on: ${event.error.message}`);
      return;
    case 'maps':
      progress.update(`t-SNE maps ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      return;
    case 'results':
      progress.message(
        `${event.experiment}: report.html, results.csv, differences.csv, results.json in ${event.folder}`,
      );
      return;
    case 'jobStarted':
      return;
  }
}

function showJob(event: Extract<ExperimentProgress, { kind: 'job' }>, progress: ProgressLine): void {
  const { jobId, nDone, nJobs, share, secondsLeft } = event;
  const inner = event.event.kind === 'training' ? event.event.event : event.event;
  if (inner.kind === 'warning') progress.warning(`${jobId}: ${inner.message}`);
  if (inner.kind === 'resumed') progress.message(`${jobId}: resuming at epoch ${inner.epoch + 1}`);
  const stage = stageOf(inner);
  if (stage === null) return;
  const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
  progress.update(`jobs ${nDone}/${nJobs}${left}  ${jobId} ${stage}`, share);
}

/** What a job is at; null for what passes in no time. */
function stageOf(event: TrainingProgress | Exclude<JobEvent, { kind: 'training' }>): string | null {
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
