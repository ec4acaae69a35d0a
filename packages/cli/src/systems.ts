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
import { ensembleSystem } from './ensemble-system';

/** Every detection system that the command knows; the processes of experiments import them from here. */
export const systems: readonly AsdSystem[] = [
  ...[ensembleSystem, serialOeSystem],
  ...[melStatistics, modulationStatistics, twfrGmm, level],
  ...[autoencoder, stgramMfn, noisyArcmix, scadacos, clpScf, swWavenet, ssc, ddcsadStyle],
];
