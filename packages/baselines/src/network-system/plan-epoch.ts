import { drawIndex, seededRandom, shuffled } from '@serial-oe/foundation';
import type { NetworkConfig } from './network-config';
import type { NetworkSet } from './network-set';
import type { NetworkSpec, Sampling, Stage } from './network-spec';

/** Which windows a mini-batch is made of; what is random about it is drawn, apart from Mixup. */
export interface NetworkPlan {
  /** Indices of clips. */
  clips: Int32Array;
  /** Where each window begins, as a share in [0, 1) of the possible places. */
  starts: Float64Array;
  /** Of each sample: its class, or for balanced batches 1 for the machine of the stage and 0 for any other. */
  labels: Int32Array;
  stage: number;
  /** Names the batch's own random numbers. */
  seedPath: readonly (string | number)[];
  dropoutSeed: number;
}

/** 2^31: dropout seeds are non-negative 32-bit integers. */
const SEED_RANGE = 0x80000000;

/** Updates of every epoch. A last batch of one sample, of which BatchNorm has no statistics, is left out. */
export function stepsPerEpoch(
  sampling: Sampling,
  nTrained: number,
  { size }: NetworkConfig['batch'],
): number {
  if (sampling.kind === 'balanced') return sampling.nSteps;
  const nSamples = nTrained * sampling.windowsPerClip;
  const nFull = Math.floor(nSamples / size);
  return Math.max(1, nFull + (nSamples % size >= 2 ? 1 : 0));
}

/** Stage and epoch within it. */
export function stageOf(stages: readonly Stage[], epoch: number): { stage: number; epochInStage: number } {
  let epochInStage = epoch;
  for (const [stage, { nEpochs }] of stages.entries()) {
    if (epochInStage < nEpochs || stage === stages.length - 1) return { stage, epochInStage };
    epochInStage -= nEpochs;
  }
  throw new RangeError('baselines.stageOf: stages must hold at least one.');
}

export interface EpochContext<Config extends NetworkConfig> {
  spec: NetworkSpec<Config>;
  config: Config;
  stages: readonly Stage[];
}

/** The mini-batches of an epoch; they depend on the seed and the epoch's number alone. */
export function planEpoch<Config extends NetworkConfig>(
  set: NetworkSet,
  { spec, config, stages }: EpochContext<Config>,
  epoch: number,
): NetworkPlan[] {
  const random = seededRandom(config.seed, 'epoch', epoch);
  const sampling = spec.sampling(config);
  const { stage } = stageOf(stages, epoch);
  const nSteps = stepsPerEpoch(sampling, set.trained.length, config.batch);
  const samples =
    sampling.kind === 'shuffled'
      ? stages[stage]!.isClassBalanced
        ? classBalancedSamples(set, sampling.windowsPerClip, random)
        : shuffledSamples(set, sampling.windowsPerClip, random)
      : balancedSamples(set, { stage, nSamples: nSteps * config.batch.size, random });
  return Array.from({ length: nSteps }, (_, step) => {
    const own = samples.slice(step * config.batch.size, (step + 1) * config.batch.size);
    return {
      clips: Int32Array.from(own, ({ clip }) => clip),
      starts: Float64Array.from(own, ({ start }) => start),
      labels: Int32Array.from(own, ({ label }) => label),
      stage,
      seedPath: ['batch', epoch, step],
      dropoutSeed: drawIndex(SEED_RANGE, random),
    };
  });
}

interface Sample {
  clip: number;
  start: number;
  label: number;
}

/** Each clip's windows lie in equal parts of it, one in each. */
function shuffledSamples(
  { trained, classOf }: NetworkSet,
  windowsPerClip: number,
  random: () => number,
): Sample[] {
  const all = trained.flatMap((clip) =>
    Array.from({ length: windowsPerClip }, (_, k) => ({
      ...{ clip, start: (k + random()) / windowsPerClip, label: classOf[clip]! },
    })),
  );
  return shuffled(all, random);
}

/** As many as `shuffledSamples`, of all classes in turn. */
function classBalancedSamples(
  { trained, classOf }: NetworkSet,
  windowsPerClip: number,
  random: () => number,
): Sample[] {
  const classes = [...new Set(trained.map((clip) => classOf[clip]!))];
  const next = classes.map((label) =>
    inTurn(
      trained.filter((clip) => classOf[clip] === label),
      random,
    ),
  );
  return Array.from({ length: trained.length * windowsPerClip }, (_, i) => {
    const k = i % classes.length;
    return { clip: next[k]!(), start: random(), label: classes[k]! };
  });
}

/** Normal clips of the stage's machine, and as many of others and known anomalies, in turn. */
function balancedSamples(
  { trained, anomalous, machines, classOf, clips }: NetworkSet,
  { stage, nSamples, random }: { stage: number; nSamples: number; random: () => number },
): Sample[] {
  const { classIndex, machineType, machineId } = machines[stage]!;
  const own = trained.filter((clip) => classOf[clip] === classIndex);
  const known = anomalous.filter(
    (i) => clips[i]!.machineType === machineType && clips[i]!.machineId === machineId,
  );
  const others = [...trained.filter((clip) => classOf[clip] !== classIndex), ...known];
  const nextOwn = inTurn(own, random);
  const nextOther = inTurn(others, random);
  return Array.from({ length: nSamples }, (_, i) => {
    const label = i % 2 === 0 ? 1 : 0;
    return { clip: label === 1 ? nextOwn() : nextOther(), start: random(), label };
  });
}

/** Goes through the list in random order, again and again. */
function inTurn(list: readonly number[], random: () => number): () => number {
  let order: number[] = [];
  return () => {
    if (order.length === 0) order = shuffled(list, random);
    return order.pop()!;
  };
}
