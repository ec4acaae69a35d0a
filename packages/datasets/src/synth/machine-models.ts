import type { Dcase2020MachineType } from '../dcase/dcase2020-splits';
import type { MachineModel } from './machine-model';
import { fan } from './machines/fan';
import { pump } from './machines/pump';
import { slider } from './machines/slider';
import { toyCar } from './machines/toy-car';
import { toyConveyor } from './machines/toy-conveyor';
import { valve } from './machines/valve';

/** The types that can be synthesized. */
export const MACHINE_MODELS: Readonly<Record<Dcase2020MachineType, MachineModel>> = {
  fan,
  pump,
  slider,
  valve,
  ToyCar: toyCar,
  ToyConveyor: toyConveyor,
};
