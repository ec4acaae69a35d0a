import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
import { type AsdSystem, createEnsemble, type Ensemble } from '@serial-oe/runtime/contract';
import { serialOeSystem } from '@serial-oe/serial-oe';

/**
 * What `train` learns where nothing else is asked for: what tells the machine from others, the colour of its sound, its rhythm, and
 * its loudness. docs/how-good.md says what each is good for, and why the highest score counts.
 */
const MEMBERS: readonly AsdSystem[] = [serialOeSystem, melStatistics, modulationStatistics, level];

export const ensembleSystem: Ensemble = createEnsemble({ name: 'ensemble', members: MEMBERS });
