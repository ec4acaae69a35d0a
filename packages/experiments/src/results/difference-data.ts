import type { ClipRow } from '../jobs/job-types';
import type { Measurement, ResultVariant } from './experiment-results';

/** The scores behind one measurement. */
export interface ScoredCell {
  variant: string;
  machineType: string;
  seed: number;
  rows: readonly ClipRow[];
}

/** What differences are found in. */
export interface DifferenceData {
  variants: ResultVariant[];
  machineTypes: readonly string[];
  measurements: readonly Measurement[];
  /** The scores behind the measurements; without them there are no intervals over clips. */
  scored: readonly ScoredCell[];
}

/** A variant and what it is compared with. */
export interface VariantPair {
  variant: string;
  base: string;
}
