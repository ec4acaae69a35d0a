import { seededRandom } from '@serial-oe/datasets';
import {
  type BalancedBatch,
  BalancedBatchSampler,
  type Mixup,
  mixupProbability,
  sampleMixup,
} from '@serial-oe/losses-mixup';
import type { SerialOeConfig } from '../config/config';
import type { TrainingSet } from '../data/training-set';

/** One mini-batch before any audio is touched: everything that is random about it, drawn. */
export interface BatchPlan {
  /** Indices of the clips. */
  clips: Int32Array;
  /** Where each chunk starts, as a share in [0, 1) of the possible starts. */
  starts: Float64Array;
  /** 1 = normal, 0 = outlier, before Mixup. */
  y: Float32Array;
  /** Index of the machine ID, or -1. */
  classes: Int32Array;
  /** Null in a step without Mixup. */
  mixup: Mixup | null;
  /** Seed of the dropout mask. */
  dropoutSeed: number;
}

/** 2^31: dropout seeds are non-negative 32-bit integers. */
const SEED_RANGE = 0x80000000;

/** Steps of one epoch. */
export function countSteps(set: TrainingSet, config: SerialOeConfig): number {
  return stepsAnEpoch(set.normal.length, config.batch);
}

/** Steps of one epoch over so many normal clips. */
export function stepsAnEpoch(
  nNormalClips: number,
  { nNormal, skipEverySecondGroup }: SerialOeConfig['batch'],
): number {
  const nGroups = Math.ceil(nNormalClips / nNormal);
  return skipEverySecondGroup ? Math.ceil(nGroups / 2) : nGroups;
}

/**
 * Steps of an epoch as the schedule of the learning rate counts them. Of twice the length: the published code's
 * floor(N / n) + 1 for N clips in groups of n, of which its sampler skips every second one; where none are skipped, twice that.
 */
export function scheduledSteps(
  nNormalClips: number,
  { batch, optimization }: Pick<SerialOeConfig, 'batch' | 'optimization'>,
): number {
  if (optimization.scheduleLength === 'training') return stepsAnEpoch(nNormalClips, batch);
  const nGroups = Math.floor(nNormalClips / batch.nNormal) + 1;
  return batch.skipEverySecondGroup ? nGroups : 2 * nGroups;
}

/**
 * The mini-batches of one epoch. They depend on the seed and the epoch's number alone, so that a run that resumes
 * in the middle of an epoch draws what the uninterrupted run drew.
 */
export function planEpoch(set: TrainingSet, config: SerialOeConfig, epoch: number): BatchPlan[] {
  const { batch, seed, optimization } = config;
  const hasAnomalies = set.anomalous.length > 0;
  const nAnomalous = hasAnomalies ? batch.nAnomalous : 0;
  const random = seededRandom(seed, 'epoch', epoch);
  const sampler = new BalancedBatchSampler({
    nNormal: batch.nNormal,
    nPseudoAnomalous: batch.nOutliers - nAnomalous,
    nAnomalous,
    random,
    skipEverySecondGroup: batch.skipEverySecondGroup,
  });
  const batches = sampler.epoch({
    nNormalClips: set.normal.length,
    nPseudoAnomalousClips: set.pseudoAnomalous.length,
    nAnomalousClips: set.anomalous.length,
  });
  const nSteps = optimization.nEpochs * batches.length;
  return batches.map((drawn, i) => {
    const step = epoch * batches.length + i;
    const clips = clipIndices(set, drawn);
    return {
      clips,
      starts: Float64Array.from(clips, () => random()),
      y: Float32Array.from(clips, (_, k) => (k < drawn.normal.length ? 1 : 0)),
      classes: Int32Array.from(clips, (clip) => set.classes[clip] as number),
      mixup: drawMixup(config, { step, nSteps, batchSize: clips.length, random }),
      dropoutSeed: Math.floor(random() * SEED_RANGE),
    };
  });
}

function clipIndices(set: TrainingSet, { normal, pseudoAnomalous, anomalous }: BalancedBatch): Int32Array {
  return Int32Array.from([
    ...Array.from(normal, (i) => set.normal[i] as number),
    ...Array.from(pseudoAnomalous, (i) => set.pseudoAnomalous[i] as number),
    ...Array.from(anomalous, (i) => set.anomalous[i] as number),
  ]);
}

function drawMixup(
  { mixup }: SerialOeConfig,
  {
    step,
    nSteps,
    batchSize,
    random,
  }: { step: number; nSteps: number; batchSize: number; random: () => number },
): Mixup | null {
  if (mixup.schedule === 'never') return null;
  const isMixed = random() < mixupProbability(step, nSteps, mixup.schedule);
  return isMixed ? sampleMixup(batchSize, { beta: mixup.beta, random }) : null;
}
