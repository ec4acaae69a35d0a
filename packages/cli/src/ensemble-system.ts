import { melStatistics } from '@serial-oe/baselines';
import { type AsdSystem, createEnsemble, type Ensemble } from '@serial-oe/runtime/contract';
import { serialOeSystem } from '@serial-oe/serial-oe';

/** What `train` learns where nothing else is asked for. */
const MEMBERS: readonly AsdSystem[] = [serialOeSystem, melStatistics];

export const ensembleSystem: Ensemble = createEnsemble({ name: 'ensemble', members: MEMBERS });
