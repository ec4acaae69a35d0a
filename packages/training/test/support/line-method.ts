import '@tensorflow/tfjs-core/dist/register_all_gradients'; // plain tfjs-core has none
import { AdamW, OneCycleLR } from '@serial-oe/optimizers';
import { keep, losses, mul, type Scalar, scalar, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import type { StepPlan, TrainedNetwork, TrainingMethod } from '../../src';

export interface Points {
  x: Float32Array;
  y: Float32Array;
}

export interface LineSetup {
  /** The slope that is to be found. */
  slope: number;
  totalSteps: number;
}

export const N_EPOCHS = 4;
export const STEPS_PER_EPOCH = 5;
const SAMPLES_PER_BATCH = 8;
export const SETUP: LineSetup = { slope: 3, totalSteps: N_EPOCHS * STEPS_PER_EPOCH };

/** y = slope x, with the mean of |x| as a running statistic. */
export function createLine({ totalSteps }: LineSetup): TrainedNetwork<Points> {
  const [slope, meanX] = tidy(() => [variable(scalar(0)), variable(scalar(0), false)] as const);
  const optimizer = new AdamW({ learningRate: 0.1, weightDecay: 0 });
  const value = async (from: { data(): Promise<unknown> }) => (await from.data()) as Float32Array;
  const toWeights = async () =>
    new Map([
      ['slope', { shape: [], data: await value(slope) }],
      ['mean_x', { shape: [], data: await value(meanX) }],
    ]);
  return {
    variables: [slope],
    stateVariables: [meanX],
    optimizer,
    schedule: new OneCycleLR(optimizer, { maxLearningRate: 0.4, totalSteps }),
    countSamples: ({ x }) => x.length,
    split: ({ x, y }, nParts) =>
      Array.from({ length: nParts }, (_, part) => {
        const ofPart = (values: Float32Array) => values.filter((_, i) => i % nParts === part);
        return { x: ofPart(x), y: ofPart(y) };
      }),
    loss({ x, y }, { training }) {
      if (training) meanX.assign(scalar(x.reduce((sum, each) => sum + Math.abs(each), 0) / x.length));
      const error = losses.meanSquaredError(tensor1d(y), mul(tensor1d(x), slope)) as Scalar;
      return {
        loss: error,
        terms: { square: { value: keep(mul(error, 1)) as Scalar, weight: 1 }, none: null },
      };
    },
    modelWeights: toWeights,
    toWeights,
    loadWeights(weights) {
      tidy(() => {
        slope.assign(scalar(weights.get('slope')!.data[0]!));
        meanX.assign(scalar(weights.get('mean_x')!.data[0]!));
      });
    },
    dispose() {
      optimizer.dispose();
      slope.dispose();
      meanX.dispose();
    },
  };
}

type Plan = StepPlan & { clips: number[] };

export function planEpoch(epoch: number): Plan[] {
  return Array.from({ length: STEPS_PER_EPOCH }, (_, step) => ({
    clips: Array.from({ length: SAMPLES_PER_BATCH }, (_, i) => Math.sin(1 + epoch * 100 + step * 10 + i)),
    dropoutSeed: 0,
  }));
}

export async function preparePoints(
  { clips }: Pick<Plan, 'clips'>,
  { slope }: LineSetup = SETUP,
): Promise<Points> {
  return { x: Float32Array.from(clips), y: Float32Array.from(clips, (x) => slope * x) };
}

export function lineMethod(setup: LineSetup = SETUP): TrainingMethod<Plan, Points> {
  return { ...createLine(setup), planEpoch, prepare: (plan) => preparePoints(plan, setup) };
}
