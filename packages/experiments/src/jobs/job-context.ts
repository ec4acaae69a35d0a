import type { AsdSystem, ClipScorer, FileAccess, Platform } from '@serial-oe/runtime';
import { ExperimentError } from './experiment-error';
import { type JobFiles, jobFiles } from './job-files';
import type { JobOptions } from './job-queue';
import { jobStopped } from './job-stopped';
import type { Job, RunRecord } from './job-types';

export interface DoJobOptions extends JobOptions {
  /** Name of what computes, for the record. */
  backend: string;
  platform: Platform;
}

/** A job under way: where it works, and its scorer once there is one. */
export class JobContext {
  readonly job: Job;
  readonly options: DoJobOptions;
  readonly system: AsdSystem;
  readonly files: FileAccess;
  readonly paths: JobFiles;
  #scorer: ClipScorer | null = null;

  /** @throws ExperimentError where there are no files; RangeError where the job's system is not among those there are */
  constructor(job: Job, options: DoJobOptions) {
    const { platform, systems } = options;
    if (platform.files === null) {
      throw new ExperimentError('experiments.doJob: platform must have files, got a browser.');
    }
    const system = systems.find(({ name }) => name === job.system);
    if (system === undefined) {
      const known = systems.map(({ name }) => name).join(', ');
      throw new RangeError(
        `experiments.doJob: systems must hold ${JSON.stringify(job.system)}, got ${known || 'none'}.`,
      );
    }
    this.job = job;
    this.options = options;
    this.system = system;
    this.files = platform.files;
    this.paths = jobFiles(platform.files, job.folder);
  }

  /** Keeps the scorer that a training has just made. */
  keep(scorer: ClipScorer): void {
    this.#scorer = scorer;
  }

  /** The scorer; loaded where the job was trained before. */
  async scorer({ modelFiles }: RunRecord): Promise<ClipScorer> {
    if (this.#scorer === null) {
      const entries = modelFiles.map(async (name) => {
        const bytes = await this.files.read(this.files.join(this.paths.model, name));
        return [name, bytes] as const;
      });
      this.#scorer = await this.system.load(new Map(await Promise.all(entries)), this.options.platform);
    }
    return this.#scorer;
  }

  /** @throws JobStoppedError once the job's signal has aborted */
  throwIfStopped(): void {
    if (this.options.signal?.aborted) throw jobStopped(this.job.id);
  }

  dispose(): void {
    this.#scorer?.dispose();
    this.#scorer = null;
  }
}
