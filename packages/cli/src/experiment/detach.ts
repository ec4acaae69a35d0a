import { join } from 'node:path';
import type { BullQueue, QueuedExperiments } from '@serial-oe/experiments/bullmq';
import type { CommandContext } from '../command/command';
import type { PlannedPaper } from '../paper/plan-paper';
import { printJson } from '../terminal/terminal';
import { loadBullmq } from './queue-packages';

/** Leaves trainings and report to the workers of the queue, and says so. */
export async function detach(
  planned: PlannedPaper,
  {
    args,
    progress,
    terminal,
  }: Pick<CommandContext, 'progress' | 'terminal'> & { args: { queue: string | undefined; json: boolean } },
): Promise<void> {
  const { queueExperiments } = await loadBullmq(args.queue as string);
  const { queue: _, shard: _shard, signal: _signal, ...options } = planned.options;
  const queue = planned.serverQueue as BullQueue;
  const queued = await queueExperiments(planned.experiments, { ...options, queue }).finally(planned.close);
  progress.close();
  if (args.json) printJson(terminal, queued);
  else terminal.out(queuedText(queued, planned));
}

function queuedText(
  { nJobs, nFinished, isNew }: QueuedExperiments,
  { experiments, options }: PlannedPaper,
): string {
  const counts = `${nFinished} of ${nJobs} trainings are finished`;
  if (!isNew) return `${counts}; the queue has had the others, and nothing was added\n`;
  const pages = experiments.map(({ name }) => join(options.outFolder, name, 'report.html'));
  return `${counts}, the others were added\nthe worker that does the last one writes ${pages.join(', ')}\n`;
}
