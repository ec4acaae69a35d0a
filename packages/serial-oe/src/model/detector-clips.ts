import type { Clip } from '@serial-oe/datasets';
import type { SerialOeConfig } from '../config/config';
import type { TrainingSet } from '../data/training-set';
import { ALL_MACHINES } from './model-parts';

/** A detector for each machine ID, or the one of the type. */
export function detectorNames(set: TrainingSet, config: SerialOeConfig): string[] {
  return config.useMachineIds ? set.machineIds : [ALL_MACHINES];
}

/** The normal clips of one detector, as indices of `set.clips`. */
export function clipsOfDetector(
  set: TrainingSet,
  config: SerialOeConfig,
  machineId: string,
): { fitted: number[]; validation: number[] } {
  const ofMachine = (indices: Int32Array) =>
    Array.from(indices).filter(
      (i) => machineId === ALL_MACHINES || (set.clips[i] as Clip).machineId === machineId,
    );
  const validation = ofMachine(set.validationNormal);
  const { fitOn } = config.detector;
  if (fitOn === 'validation') return { fitted: validation, validation: [] };
  const trained = ofMachine(set.normal);
  return fitOn === 'all'
    ? { fitted: [...trained, ...validation], validation: [] }
    : { fitted: trained, validation };
}
