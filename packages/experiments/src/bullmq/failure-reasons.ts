import { Job as BullJob, type Worker } from 'bullmq';
import type { ReportJob } from '../report-job';
import { flowJobId, type QueuedJob } from './queued-job';

/**
 * Why trainings under a report failed, by name. The server says of detectors whose training failed only that they had a child which did,
 * so that the child is asked.
 */
export async function failureReasons(
  queue: Worker<QueuedJob>,
  report: BullJob<QueuedJob>,
  { jobIds }: Pick<ReportJob, 'jobIds'>,
): Promise<Record<string, string>> {
  const ignored = await report.getIgnoredChildrenFailures();
  // A child's key ends with its ID, whatever the server puts before.
  const failed = new Map(Object.entries(ignored).map(([key, reason]) => [key.split(':').at(-1), reason]));
  const reportId = report.id as string;
  const reasons: Record<string, string> = {};
  for (const id of jobIds) {
    const reason = failed.get(flowJobId(reportId, { id }, 'end'));
    if (reason === undefined) continue;
    const child = await BullJob.fromId<QueuedJob>(queue, flowJobId(reportId, { id }, 'embeddings'));
    reasons[id] = child?.failedReason || reason;
  }
  return reasons;
}
