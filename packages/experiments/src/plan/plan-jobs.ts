import type { ExperimentProtocol, Variant } from '../experiment-types';
import type { Job, ScoringJob } from '../jobs/job-types';
import { hashOf, stableJson } from './job-hash';
import type { PlanJobsOptions } from './plan-jobs-options';
import { PlannedOnce } from './planned-once';

/** Changes with how the same scoring is computed. */
const SCORING_FORMAT = 2;

/** One figure to be: a variant, measured on a machine type with a seed. */
export interface Cell {
  /** Name. */
  experiment: string;
  variant: Variant;
  machineType: string;
  seed: number;
  /** The jobs whose scores it takes; several where a system trains for each machine ID. */
  scores: readonly { jobId: string; scoringKey: string }[];
}

export interface JobPlan {
  /** Each once, however many cells need it. */
  jobs: Job[];
  cells: Cell[];
}

type OpenJob = Job & { scorings: ScoringJob[] };

/** Every training that the variants need, each once, and which of its scores each cell takes. */
export function planJobs(options: PlanJobsOptions): JobPlan {
  const jobs = new Map<string, OpenJob>();
  const cells: Cell[] = [];
  const planned = new PlannedOnce(options);
  for (const { experiment, variants, machineTypes, hasMaps } of options.parts) {
    for (const seed of options.seeds) {
      for (const machineType of machineTypes) {
        for (const variant of variants) {
          const cell = { machineType, machineTypes, seed, variant };
          const evaluated = planned.evaluated(cell);
          const scores = planned.jobs(cell).map((job) => {
            const scoring = planScoring(variant, { job, evaluated, protocol: options.protocol });
            const open = jobs.get(job.id) ?? { ...job, scorings: [] };
            if (!open.scorings.some(({ key }) => key === scoring.key)) open.scorings.push(scoring);
            open.isMapped ||= hasMaps;
            jobs.set(job.id, open);
            return { jobId: job.id, scoringKey: scoring.key };
          });
          cells.push({ experiment, variant, machineType, seed, scores });
        }
      }
    }
  }
  return { jobs: [...jobs.values()], cells };
}

function planScoring(
  { scoring }: Variant,
  { job, evaluated, protocol }: { job: Job; evaluated: readonly string[]; protocol: ExperimentProtocol },
): ScoringJob {
  const tested = new Set(job.testClips.map(({ name }) => name));
  const asked = {
    detector: scoring.detector ?? null,
    detectorScope: scoring.detectorScope ?? ('machineId' as const),
    aggregation: scoring.aggregation ?? null,
    protocol,
    testClips: evaluated.filter((name) => tested.has(name)),
  };
  return { key: hashOf(stableJson([SCORING_FORMAT, asked])), ...asked };
}
