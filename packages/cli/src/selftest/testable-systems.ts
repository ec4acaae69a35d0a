import { level, melStatistics, twfrGmm } from '@serial-oe/baselines';
import type { AsdSystem } from '@serial-oe/runtime';
import { serialOeSystem } from '@serial-oe/serial-oe';

/** Names of `--system` of the selftest, in the order in which results are shown. */
export const TESTABLE: readonly AsdSystem[] = [melStatistics, twfrGmm, level, serialOeSystem];
