import { assertNoLeak, type Clip, splitValidation } from '@serial-oe/datasets';
import { compareText, seededRandom, show, shuffled } from '@serial-oe/foundation';
import {
  ALL_MACHINE_TYPES,
  type Target,
  TrainingDataError,
  type TrainingJob,
} from '@serial-oe/runtime/contract';
import type { NetworkConfig } from './network-config';
import type { NetworkSpec } from './network-spec';

/** A machine that a model watches. */
export interface Machine {
  /** As scorers call it: its ID, or `type/ID` where the model watches several types. */
  name: string;
  machineType: string;
  machineId: string;
  /** Among all machines that the network was trained on. */
  classIndex: number;
}

/** Which clips a training uses for what; indices are into `clips`. */
export interface NetworkSet {
  /** Sorted by machine and path, so that the order of the data set changes nothing. */
  clips: Clip[];
  /** `type/ID` of each class. */
  classes: string[];
  /** Of each clip. */
  classOf: Int32Array;
  machines: Machine[];
  /** Normal clips that the network learns from. */
  trained: number[];
  /** Normal clips on which the epoch is chosen. */
  validation: number[];
  /** Normal clips of the machines that are watched, which the training does not see. */
  heldOut: number[];
  /** Known anomalies. */
  anomalous: number[];
}

/** From so many clips on, some are held out that a threshold can be set on; and how many at least. */
const ENOUGH_CLIPS = 12;
const LEAST_HELD_OUT = 4;

/**
 * @throws TrainingDataError where there are no normal training clips of the target, or no others to tell it from; DataLeakError
 *   where a clip stands in both splits; RangeError for a target that the system does not take
 */
export function buildNetworkSet<Config extends NetworkConfig>(
  spec: NetworkSpec<Config>,
  { clips, target, config }: Pick<TrainingJob<Config>, 'clips' | 'target' | 'config'>,
): NetworkSet {
  checkTarget(spec, target);
  const taking = clips.filter((clip) => spec.participants === 'all' || isOf(clip, target));
  const train = taking.filter(({ split }) => split === 'train');
  assertNoLeak(
    train,
    taking.filter(({ split }) => split === 'test'),
  );
  const used = train
    .filter((clip) => clip.label === 'normal' || (spec.usesAnomalies && isAnomalyOf(clip, target)))
    .sort((a, b) => compareText(classOf(a), classOf(b)) || compareText(a.path, b.path));
  const classes = [...new Set(used.filter(isNormal).map(classOf))];
  const machines = machinesOf(used, classes, target);
  checkSet(spec, { used, classes, machines, target });
  const normal = used.filter(isNormal);
  const held = heldOutOf(
    normal.filter((clip) => isOf(clip, target)),
    config,
  );
  const rest = normal.filter((clip) => !held.has(clip));
  const fraction = spec.validationFraction(config);
  const random = seededRandom(config.seed, 'validation');
  const { train: trained, validation } =
    fraction === 0 ? { train: rest, validation: [] } : splitValidation(rest, { fraction, random });
  const indexOf = new Map(used.map((clip, i) => [clip, i]));
  const indices = (some: Iterable<Clip>) => Array.from(some, (clip) => indexOf.get(clip)!);
  return {
    clips: used,
    classes,
    classOf: Int32Array.from(used, (clip) => classes.indexOf(classOf(clip))),
    machines,
    trained: indices(trained),
    validation: indices(validation),
    heldOut: indices(normal.filter((clip) => held.has(clip))),
    anomalous: indices(used.filter((clip) => !isNormal(clip))),
  };
}

function isNormal({ label }: Clip): boolean {
  return label === 'normal';
}

function classOf({ machineType, machineId }: Clip): string {
  return `${machineType}/${machineId}`;
}

function isOf(clip: Clip, { machineType, machineTypes, machineId }: Target): boolean {
  const isType =
    machineType === ALL_MACHINE_TYPES
      ? (machineTypes?.includes(clip.machineType) ?? true)
      : clip.machineType === machineType;
  return isType && (machineId === undefined || clip.machineId === machineId);
}

/** Anomalies of other machines are no more anomalous than the machines themselves; those of the target's type count. */
function isAnomalyOf(clip: Clip, { machineType }: Target): boolean {
  return clip.label === 'anomaly' && clip.machineType === machineType;
}

function machinesOf(used: readonly Clip[], classes: readonly string[], target: Target): Machine[] {
  return classes.flatMap((name, classIndex): Machine[] => {
    const clip = used.find((each) => isNormal(each) && classOf(each) === name)!;
    if (!isOf(clip, target)) return [];
    const { machineType, machineId } = clip;
    const isAll = target.machineType === ALL_MACHINE_TYPES;
    return [{ name: isAll ? name : machineId, machineType, machineId, classIndex }];
  });
}

/** Of each machine the share that the configuration says, drawn by the seed. */
function heldOutOf(clips: readonly Clip[], { seed, calibration: { fraction } }: NetworkConfig): Set<Clip> {
  const held = new Set<Clip>();
  if (fraction === 0) return held;
  for (const name of new Set(clips.map(classOf))) {
    const own = clips.filter((clip) => classOf(clip) === name);
    const least = own.length >= ENOUGH_CLIPS ? LEAST_HELD_OUT : Math.floor(own.length / 3);
    const n = Math.min(own.length - 1, Math.max(least, Math.round(fraction * own.length)));
    for (const clip of shuffled(own, seededRandom(seed, 'held-out', name)).slice(0, n)) held.add(clip);
  }
  return held;
}

function checkTarget<Config extends NetworkConfig>(
  { name, scope }: NetworkSpec<Config>,
  target: Target,
): void {
  const where = `baselines.${name}`;
  if (target.machineType === ALL_MACHINE_TYPES && scope !== 'dataset') {
    throw new RangeError(`${where}: target.machineType must be one type, got '${ALL_MACHINE_TYPES}'.`);
  }
  const { machineType, machineTypes } = target;
  if (machineTypes !== undefined) {
    if (machineType !== ALL_MACHINE_TYPES || machineTypes.length === 0) {
      throw new RangeError(
        `${where}: target.machineTypes must hold a type at least and go with machineType '${ALL_MACHINE_TYPES}', got ${show(machineTypes)} with ${show(machineType)}.`,
      );
    }
  }
  if (target.machineId !== undefined && scope === 'dataset') {
    throw new RangeError(
      `${where}: target.machineId must be left out, got ${JSON.stringify(target.machineId)}. One network tells all machines apart.`,
    );
  }
}

function checkSet<Config extends NetworkConfig>(
  { name, isClassifier, usesAnomalies }: NetworkSpec<Config>,
  {
    used,
    classes,
    machines,
    target,
  }: { used: Clip[]; classes: string[]; machines: Machine[]; target: Target },
): void {
  const { machineType, machineTypes = [machineType], machineId } = target;
  const isWatched = (type: string) =>
    type === ALL_MACHINE_TYPES || machines.some((machine) => machine.machineType === type);
  const missing = machineTypes.filter((type) => !isWatched(type));
  if (machines.length === 0 || missing.length > 0) {
    const what = [missing.join(', ') || machineType, machineId].filter(Boolean).join(' ');
    throw new TrainingDataError(
      `baselines.${name}: dataset must hold normal training clips of ${what}, got none. ` +
        'They belong into the split "train" with the label "normal".',
    );
  }
  const hasOthers = classes.length > 1 || (usesAnomalies && used.some((clip) => !isNormal(clip)));
  if (isClassifier && !hasOthers) {
    throw new TrainingDataError(
      `baselines.${name}: dataset must hold normal training clips of two machines at least, got those of ${classes[0]} alone. ` +
        'The network learns by telling machines apart: add recordings of other machines, of the same type or of others.',
    );
  }
}
