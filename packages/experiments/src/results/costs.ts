import type { RunRecord, TimingFile } from '../jobs/job-types';
import { meanOf } from './mean-of';

/** What a variant costs; null where it is not known. */
export interface Costs {
  variant: string;
  /** Numbers in the network, running statistics apart. */
  nParameters: number | null;
  /** Millions of multiply-accumulates of the network a clip. */
  mMacPerClip: number | null;
  /** Mean over the runs of the median clip, features included, reading apart. */
  msPerClip: number | null;
  /** Minutes of all trainings that one seed takes. */
  trainingMinutes: number | null;
}

/** A run behind a variant's figures. */
export interface RunOfVariant {
  variant: string;
  seed: number;
  record: RunRecord;
  /** Null where the variant has other scores than the system's own, or its clips were scored before timings were kept. */
  timing: TimingFile | null;
}

/** One a variant, in their order; a run that serves several machine types counts once. */
export function costsOf(runs: readonly RunOfVariant[]): Costs[] {
  return [...new Set(runs.map(({ variant }) => variant))].map((variant) => {
    const own = runs.filter((run) => run.variant === variant);
    const unique = own.filter(({ record }, i) => own.findIndex((run) => run.record.id === record.id) === i);
    const fact = (name: string) => {
      const values = unique.flatMap(({ record }) => {
        const value = record.provenance[name];
        return typeof value === 'number' ? [value] : [];
      });
      return values.length === unique.length ? meanOf(values) : null;
    };
    const timings = unique.flatMap(({ timing }) => timing ?? []);
    const nSeeds = new Set(unique.map(({ seed }) => seed)).size;
    const seconds = unique.reduce((sum, { record }) => sum + record.seconds, 0);
    return {
      ...{ variant, nParameters: fact('nParameters'), mMacPerClip: fact('mMacPerClip') },
      msPerClip: timings.length < unique.length ? null : meanOf(timings.map(({ msPerClip }) => msPerClip)),
      trainingMinutes: seconds / 60 / nSeeds,
    };
  });
}
