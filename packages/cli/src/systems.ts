import { level, melStatistics } from '@serial-oe/baselines';
import type { AsdSystem } from '@serial-oe/runtime';
import { serialOeSystem } from '@serial-oe/serial-oe';

/** Every detection system that the command knows; the processes of experiments import them from here. */
export const systems: readonly AsdSystem[] = [serialOeSystem, melStatistics, level];
