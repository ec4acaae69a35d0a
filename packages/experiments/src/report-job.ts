import { resolve } from 'node:path';
import type { AsdSystem, FileAccess } from '@serial-oe/runtime';
import type { Experiment } from './experiment-types';
import { ExperimentError } from './jobs/experiment-error';
import { jobStopped } from './jobs/job-stopped';
import { openJobs } from './plan/open-jobs';
import { type PlannedExperiments, prepareExperiments } from './plan/plan-experiments';
import { idleQueue, writeAll } from './results/write-all';
import type { RunExperimentsOptions, StartFile } from './run-experiments-options';

/** The results of experiments, to be written once nothing is left to do of their jobs; plain data, so that another machine can read it. */
export interface ReportJob {
  /** For people. */
  id: string;
  /** Absolute. */
  outFolder: string;
  /** As the queue's. */
  backend: string;
  experiments: readonly Experiment[];
  /** What the experiments were planned with. */
  options: Pick<
    RunExperimentsOptions,
    'dataset' | 'seeds' | 'machineTypes' | 'setups' | 'protocol' | 'averagedIds'
  >;
  /** Names of the planned jobs. They hold what decides a training, the recordings too: another plan would measure something else. */
  jobIds: readonly string[];
}

/** What whoever writes the results brings along. */
export interface DoReportOptions {
  systems: readonly AsdSystem[];
  files: FileAccess;
  /** Why jobs failed, by name, as far as it is known. */
  reasons: Readonly<Record<string, string>>;
  commit: string | null;
  signal: AbortSignal | undefined;
}

/** What {@link doReport} needs, of a call that leaves before its jobs are done. */
export function reportJob(
  experiments: readonly Experiment[],
  { jobs, outFolder, options, setups }: PlannedExperiments,
): ReportJob {
  const { dataset, seeds, machineTypes, protocol, averagedIds, queue } = options;
  const started = Object.entries(options.setups ?? {}).map(([system, setup]) => {
    // Paths of another machine, and the content that they had here.
    const { paths = {}, hashes = {} } = setups[system]?.startFrom ?? {};
    const files = Object.entries(paths).map(([name, path]): [string, StartFile] => [
      name,
      { path, checksum: hashes[name] as string },
    ]);
    return [system, { ...setup, startFrom: setup.startFrom && Object.fromEntries(files) }] as const;
  });
  return {
    id: `report of ${experiments.map(({ name }) => name).join(', ')}`,
    outFolder: resolve(outFolder),
    backend: queue.backend,
    experiments,
    options: { dataset, seeds, machineTypes, protocol, averagedIds, setups: Object.fromEntries(started) },
    jobIds: jobs.map(({ id }) => id),
  };
}

/**
 * Writes the results of what is finished; what is not stands among the failures, with the reason where it is known. The same again writes
 * the same.
 *
 * @throws ExperimentError where the plan has become another, as by recordings that have changed; JobStoppedError once `signal` has aborted
 */
export async function doReport(report: ReportJob, options: DoReportOptions): Promise<void> {
  const { experiments, outFolder, backend } = report;
  const { systems, files, reasons, commit, signal } = options;
  const planned = await prepareExperiments(experiments, {
    ...{ ...report.options, systems, outFolder, queue: idleQueue(backend), signal },
    onProgress: () => {
      if (signal?.aborted) throw jobStopped(report.id);
    },
  });
  const known = new Set(report.jobIds);
  const added = planned.jobs.find(({ id }) => !known.has(id));
  if (added !== undefined || planned.jobs.length !== known.size) {
    throw new ExperimentError(
      `experiments.runBullWorker: the ${report.id} must be of the ${known.size} trainings that were added, got ${planned.jobs.length}` +
        `${added === undefined ? '' : `, ${added.id} among them`}. Recordings, or the release, have changed since; add the experiments again.`,
    );
  }
  if (signal?.aborted) throw jobStopped(report.id);
  const open = await openJobs(planned.jobs, files);
  const failed = open.map(({ id }) => {
    const reason = Object.hasOwn(reasons, id) ? reasons[id] : `${id} is not finished`;
    return [id, new ExperimentError(reason as string)] as const;
  });
  await writeAll({ ...planned, files }, { failed: new Map(failed), commit });
}
