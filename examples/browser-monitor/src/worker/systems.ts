import {
  autoencoder,
  clpScf,
  ddcsadStyle,
  level,
  melStatistics,
  modulationStatistics,
  noisyArcmix,
  scadacos,
  ssc,
  stgramMfn,
  swWavenet,
  twfrGmm,
} from '@serial-oe/baselines';
import type { AsdSystem } from '@serial-oe/runtime/contract';
import { serialOeSystem } from '@serial-oe/serial-oe';

/** What the page fits by itself: seconds for two minutes of sound. They are those of `serial-oe train`, its network left out. */
export const TRAINING_FREE: readonly AsdSystem[] = [melStatistics, modulationStatistics, level];

/** Models of these have no network, and need no tfjs backend. */
const WITHOUT_NETWORK = new Set([...TRAINING_FREE, twfrGmm].map(({ name }) => name));

/** All whose models can be loaded: whatever `serial-oe train` writes. */
export const SYSTEMS: readonly AsdSystem[] = [
  serialOeSystem,
  ...TRAINING_FREE,
  twfrGmm,
  autoencoder,
  clpScf,
  ddcsadStyle,
  noisyArcmix,
  scadacos,
  ssc,
  stgramMfn,
  swWavenet,
];

export function hasNetwork(systems: readonly string[]): boolean {
  return systems.some((name) => !WITHOUT_NETWORK.has(name));
}
