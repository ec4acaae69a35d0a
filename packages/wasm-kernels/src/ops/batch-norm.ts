import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationRecipe } from '../rows/recipe';
import { ACTIVATION_CODES, normGradientBytes } from '../runtime/kernel-exports';
import type { IncomingGradient } from './differentiable';
import { StatisticsGatherer } from './gather-statistics';
import type { BatchStatistics, OpsContext } from './ops-context';
import type {
  BatchNormOptions,
  BatchNormParameters,
  BatchNormStatistics,
  BatchNormTrainingResult,
} from './wasm-ops';

interface NormParameters {
  gamma: TensorInfo;
  beta: TensorInfo;
  slope?: TensorInfo | undefined;
  mean: TensorInfo;
  variance: TensorInfo;
  epsilon: number;
}

/**
 * BatchNorm by the statistics of the batch, and the activation. The output is not stored but computed where it is used:
 * the tape keeps x and four numbers a channel.
 */
export function batchNormTraining(
  context: OpsContext,
  { x, gamma, beta, slope }: BatchNormParameters & { x: Tensor4D },
  { epsilon, activation }: BatchNormOptions,
): BatchNormTrainingResult {
  const { runtime, deferred } = context;
  const statistics = context.batchStatistics.get(x.dataId) ?? gatherStatistics(context, x);
  const nChannels = x.shape[3];
  const mean = runtime.toTensor<Tensor1D>(runtime.makeFrom(statistics.mean, [nChannels]));
  const variance = runtime.toTensor<Tensor1D>(runtime.makeFrom(statistics.variance, [nChannels]));
  const norm = makeNorm(context, { gamma, beta, slope, mean, variance, epsilon });
  const output = context.differentiable<Tensor4D>(
    slope ? [x, gamma, beta, slope] : [x, gamma, beta],
    () => ({
      value: deferred.defer<Tensor4D>({ kind: 'activation', x, norm, activation, gate: null }),
      saved: [x, norm],
    }),
    (dy, [savedX, savedNorm]) =>
      batchNormGradient(context, dy, {
        kind: 'activation',
        x: savedX!,
        norm: savedNorm!,
        activation,
        gate: null,
      }),
  );
  runtime.letGo(norm);
  return { output, mean, variance };
}

/** BatchNorm by running statistics, and the activation; not stored either. */
export function batchNormInference(
  context: OpsContext,
  { x, statistics }: { x: Tensor4D; statistics: BatchNormStatistics },
  { epsilon, activation }: BatchNormOptions,
): Tensor4D {
  const norm = makeNorm(context, { ...statistics, epsilon });
  const output = context.deferred.defer<Tensor4D>({ kind: 'activation', x, norm, activation, gate: null });
  context.runtime.letGo(norm);
  return output;
}

function gatherStatistics({ runtime }: OpsContext, x: Tensor4D): BatchStatistics {
  const nChannels = x.shape[3];
  return runtime.withScratch([StatisticsGatherer.bytes(nChannels)], ([state]) => {
    const gatherer = new StatisticsGatherer(runtime, nChannels, state);
    gatherer.add(runtime.addressOf(x), x.size / nChannels);
    return gatherer.finish();
  });
}

function makeNorm({ runtime }: OpsContext, parameters: NormParameters): TensorInfo {
  const { gamma, beta, slope, mean, variance, epsilon } = parameters;
  const nChannels = gamma.shape[0]!;
  const norm = runtime.makeData([slope ? 5 : 4, nChannels]);
  runtime.kernels.makeNorm(
    runtime.addressOf(mean),
    runtime.addressOf(variance),
    runtime.addressOf(gamma),
    runtime.addressOf(beta),
    nChannels,
    epsilon,
    slope ? runtime.addressOf(slope) : 0,
    runtime.addressOf(norm),
  );
  return norm;
}

/** The gradients for x (deferred), gamma, beta and the slope where there is one. */
function batchNormGradient(
  context: OpsContext,
  dy: IncomingGradient<Tensor4D>,
  recipe: ActivationRecipe,
): Tensor[] {
  const { runtime, deferred } = context;
  const { x, norm, activation } = recipe;
  const nChannels = x.shape[3]!;
  const dSlope = activation === 'prelu' ? runtime.makeData([nChannels]) : null;
  const nRows = dy.tensor.size / nChannels;
  const [dGamma, dBeta] = [runtime.makeData([nChannels]), runtime.makeData([nChannels])];
  const coefficients = runtime.makeData([4, nChannels]);
  const dz = runtime.withScratch([normGradientBytes(nChannels)], ([state]) => {
    const gathered = context.normGradientSums.get(dy.tensor);
    const values = gathered
      ? runtime.hold<TensorInfo>(dy.tensor)
      : gatherNormGradient(context, dy, { recipe, state: state });
    if (gathered) runtime.doubles(state, gathered.length).set(gathered);
    runtime.kernels.finishNormGradient(
      state,
      nRows,
      nChannels,
      runtime.addressOf(norm),
      runtime.addressOf(dGamma),
      runtime.addressOf(dBeta),
      dSlope ? runtime.addressOf(dSlope) : 0,
      runtime.addressOf(coefficients),
    );
    return values;
  });
  const dx = deferred.defer({ kind: 'norm-gradient', dz, x, coefficients });
  runtime.letGo(dz);
  runtime.letGo(coefficients);
  return [dx, ...[dGamma, dBeta, ...(dSlope ? [dSlope] : [])].map((info) => runtime.toTensor(info))];
}

/** The gradient before the activation, with a reference for the caller, and its sums in the state. */
function gatherNormGradient(
  { runtime }: OpsContext,
  { tensor: dy, isWritable }: IncomingGradient<Tensor4D>,
  { recipe, state }: { recipe: ActivationRecipe; state: number },
): TensorInfo {
  const { x, norm, activation } = recipe;
  const nChannels = x.shape[3]!;
  const isInPlace = isWritable || activation === 'none'; // without an activation nothing is written
  const dz = isInPlace ? runtime.hold<TensorInfo>(dy) : runtime.makeData(x.shape);
  runtime.clear(state, normGradientBytes(nChannels));
  runtime.kernels.gatherNormGradient(
    runtime.addressOf(dy),
    runtime.addressOf(x),
    dy.size / nChannels,
    nChannels,
    runtime.addressOf(norm),
    ACTIVATION_CODES[activation],
    runtime.addressOf(dz),
    state,
  );
  return dz;
}
