import type { FlowJob, JobsOptions } from 'bullmq';
import { hasDetectors } from '../jobs/do-job';
import type { Job, JobEnd } from '../jobs/job-types';
import type { ReportJob } from '../report-job';
import { describeJob, describeReport, flowJobId, queuedReportId } from './queued-job';

/** Results, and the jobs that are not done yet. */
export interface Flow {
  report: ReportJob;
  jobs: readonly Job[];
  commit: string | null;
}

/**
 * The tree that a worker climbs: a report over trainings; one whose embeddings are scored by detectors is two jobs, the detectors
 * over training and embeddings. A report is made whatever its trainings end with; detectors only of what was trained.
 */
export async function flowTree(
  { report, jobs, commit }: Flow,
  { queueName, settings }: { queueName: string; settings: JobsOptions },
): Promise<FlowJob> {
  const reportId = queuedReportId(report);
  const toldToReport = { ignoreDependencyOnFailure: true };
  const leaf = async (job: Job, task: JobEnd, policy: JobsOptions) => ({
    ...{ name: task === 'end' ? 'training' : 'embeddings', queueName },
    data: await describeJob(job, commit, task),
    opts: { ...settings, ...policy, jobId: flowJobId(reportId, job, task) },
  });
  const branch = async (job: Job) => {
    const last = await leaf(job, 'end', toldToReport);
    if (!hasDetectors(job)) return last;
    const first = await leaf(job, 'embeddings', { failParentOnFailure: true });
    return { ...last, name: 'detectors', children: [first] };
  };
  const children: Awaited<ReturnType<typeof branch>>[] = [];
  for (const job of jobs) children.push(await branch(job)); // a thousand files at once are too many
  return {
    ...{ name: 'report', queueName, children },
    data: await describeReport(report, commit),
    opts: { ...settings, jobId: reportId },
  };
}
