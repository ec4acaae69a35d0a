import type { Tensor, Tensor2D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import type { RowSource } from '../rows/row-source';
import { type Address, packedLeftBytes, packedRightBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { IncomingGradient } from './differentiable';
import { meanOfImages } from './global-average-pool';
import { gradientSource, Input } from './input';
import type { OpsContext } from './ops-context';
import type { SqueezeExciteWeights } from './squeeze-excite-weights';

/** What the gate was computed from. */
interface GateParts {
  /** `[batch, channels]` */
  mean: TensorInfo;
  /** Before swish, `[batch, squeezed]` */
  reduced: TensorInfo;
  /** `[batch, channels]` */
  gate: TensorInfo;
}

interface Kernels {
  /** `[channels, squeezed]` */
  reduceKernel: TensorInfo;
  /** `[squeezed, channels]` */
  expandKernel: TensorInfo;
}

/**
 * x gate with gate = sigmoid(expand(swish(reduce(mean of x)))). Where x is the output of a BatchNorm, the product is not
 * stored: the gate joins the recipe.
 */
export function squeezeExcite(context: OpsContext, x: Tensor4D, weights: SqueezeExciteWeights): Tensor4D {
  const { runtime } = context;
  const { reduceKernel, reduceBias, expandKernel, expandBias } = weights;
  const input = new Input(context, x);
  return context.differentiable<Tensor4D>(
    [x, reduceKernel, reduceBias, expandKernel, expandBias],
    () => {
      const { mean, reduced, gate } = computeGate(context, { source: input.source, x }, weights);
      const value = applyGate(context, { source: input.source, x }, gate);
      // Tensors, so that they go with the scope; the tape keeps what it needs.
      const saved = [mean, reduced, gate].map((info) => runtime.toTensor(info));
      return { value, saved: [...input.source.parts, reduceKernel, expandKernel, ...saved] };
    },
    (dy, saved) => {
      const nParts = saved.length - 5;
      const [savedReduce, savedExpand, mean, reduced, gate] = saved.slice(nParts);
      return squeezeExciteGradients(context, dy, {
        input,
        source: input.source.withParts(saved.slice(0, nParts)),
        kernels: { reduceKernel: savedReduce!, expandKernel: savedExpand! },
        parts: { mean: mean!, reduced: reduced!, gate: gate! },
      });
    },
  );
}

interface SourceOfImages {
  source: RowSource;
  x: Tensor4D;
}

function computeGate(
  { runtime }: OpsContext,
  { source, x }: SourceOfImages,
  { reduceKernel, reduceBias, expandKernel, expandBias }: SqueezeExciteWeights,
): GateParts {
  const { kernels } = runtime;
  const [batch, , , nChannels] = x.shape;
  const nSqueezed = reduceBias.size;
  const mean = meanOfImages(runtime, source, batch);
  const reduced = linear(runtime, mean, { kernel: reduceKernel, bias: reduceBias });
  const hidden = runtime.makeData([batch, nSqueezed]);
  kernels.swishValues(runtime.addressOf(reduced), runtime.addressOf(hidden), batch * nSqueezed);
  const gate = linear(runtime, hidden, { kernel: expandKernel, bias: expandBias });
  runtime.letGo(hidden);
  kernels.sigmoidValues(runtime.addressOf(gate), runtime.addressOf(gate), batch * nChannels);
  return { mean, reduced, gate };
}

/** x kernel + bias for x `[rows, k]`, kernel `[k, n]`. */
function linear(
  runtime: WasmRuntime,
  x: TensorInfo,
  { kernel, bias }: { kernel: Tensor2D; bias: TensorInfo },
): TensorInfo {
  const [k, n] = kernel.shape;
  const rows = x.shape[0]!;
  const y = runtime.makeData([rows, n]);
  runtime.withScratch([packedRightBytes(k, n)], ([packed]) => {
    runtime.kernels.packRight(runtime.addressOf(kernel), packed, k, n);
    runtime.kernels.multiply(runtime.addressOf(x), packed, runtime.addressOf(y), rows, k, n);
    runtime.kernels.finishRows(runtime.addressOf(y), rows, n, runtime.addressOf(bias), 0, 0);
  });
  return y;
}

function applyGate(
  { runtime, deferred }: OpsContext,
  { source, x }: SourceOfImages,
  gate: TensorInfo,
): Tensor4D {
  const { recipe, nChannels } = source;
  if (recipe?.kind === 'activation' && !recipe.gate) return deferred.defer({ ...recipe, gate });
  const y = runtime.makeData(x.shape);
  const nPixels = x.shape[1] * x.shape[2];
  runtime.withScratch([source.scratchBytes(nPixels)], ([scratch]) => {
    for (let image = 0; image < x.shape[0]; image++) {
      const first = image * nPixels;
      const rows = source.read({ first, count: nPixels }, scratch);
      const factor = runtime.addressOf(gate) + 4 * image * nChannels;
      const target = runtime.addressOf(y) + 4 * first * nChannels;
      runtime.kernels.scaleRows(rows, nPixels, nChannels, factor, 0, target);
    }
  });
  return runtime.toTensor<Tensor4D>(y);
}

interface GradientContext {
  input: Input;
  source: RowSource;
  kernels: Kernels;
  parts: GateParts;
}

function squeezeExciteGradients(
  context: OpsContext,
  dy: IncomingGradient<Tensor4D>,
  gradientContext: GradientContext,
): Tensor[] {
  const { runtime } = context;
  const { reduceKernel, expandKernel } = gradientContext.kernels;
  const { mean, reduced } = gradientContext.parts;
  const [nChannels, nSqueezed] = reduceKernel.shape as [number, number];
  const batch = mean.shape[0]!;
  const sizes = [4 * batch * nChannels, 4 * batch * nSqueezed, 4 * batch * nSqueezed] as const;
  return runtime.withScratch(sizes, ([dExpanded, dReduced, hidden]) => {
    const dx = inputGradient(context, dy, { ...gradientContext, dExpanded, dReduced });
    runtime.kernels.swishValues(runtime.addressOf(reduced), hidden, batch * nSqueezed);
    const left = runtime.addressOf(mean);
    return [
      dx,
      ...linearGradients(runtime, { left, right: dReduced, batch }, reduceKernel),
      ...linearGradients(runtime, { left: hidden, right: dExpanded, batch }, expandKernel),
    ];
  });
}

/**
 * The gradient for x, dy gate + (gradient for the mean) / (h w). The way through the gate is gone image by image, so
 * that each image is read once; what arrives at its two linear maps is left behind for their own gradients.
 */
function inputGradient(
  context: OpsContext,
  { tensor: dy, isWritable }: IncomingGradient<Tensor4D>,
  {
    input,
    source,
    kernels: weights,
    parts,
    dExpanded,
    dReduced,
  }: GradientContext & { dExpanded: Address; dReduced: Address },
): Tensor4D {
  const { runtime } = context;
  const { kernels } = runtime;
  const [nChannels, nSqueezed] = weights.reduceKernel.shape as [number, number];
  const nPixels = dy.shape[1] * dy.shape[2];
  const gradient = gradientSource(context, dy);
  const sizes = [
    packedRightBytes(nChannels, nSqueezed),
    packedRightBytes(nSqueezed, nChannels),
    4 * nChannels,
    4 * nChannels,
    source.scratchBytes(nPixels),
    gradient.scratchBytes(nPixels),
    ...input.gradientBytes(nPixels),
  ] as const;
  return runtime.withScratch(sizes, (areas) => {
    const [packedExpand, packedReduce, dGate, dMean, xScratch, dyScratch, ...scratch] = areas;
    const target = isWritable ? runtime.hold<TensorInfo>(dy) : undefined;
    const result = input.startGradient(source, scratch, target);
    kernels.packRightTransposed(runtime.addressOf(weights.expandKernel), packedExpand, nChannels, nSqueezed);
    kernels.packRightTransposed(runtime.addressOf(weights.reduceKernel), packedReduce, nSqueezed, nChannels);
    for (let image = 0; image < dy.shape[0]; image++) {
      const range = { first: image * nPixels, count: nPixels };
      const gate = runtime.addressOf(parts.gate) + 4 * image * nChannels;
      const reduced = runtime.addressOf(parts.reduced) + 4 * image * nSqueezed;
      const expanded = dExpanded + 4 * image * nChannels;
      const hidden = dReduced + 4 * image * nSqueezed;
      const dyRows = gradient.read(range, dyScratch);
      runtime.clear(dGate, 4 * nChannels);
      kernels.addRowProducts(result.readInput(range, xScratch), dyRows, nPixels, nChannels, dGate);
      kernels.sigmoidGradient(dGate, gate, expanded, nChannels);
      kernels.multiply(expanded, packedExpand, hidden, 1, nChannels, nSqueezed);
      kernels.swishGradient(hidden, reduced, hidden, nSqueezed);
      kernels.multiply(hidden, packedReduce, dMean, 1, nSqueezed, nChannels);
      kernels.scaleValues(dMean, 1 / nPixels, dMean, nChannels);
      kernels.scaleRows(dyRows, nPixels, nChannels, gate, dMean, result.addressOf(range.first));
      result.finishRows(range);
    }
    return result.finish<Tensor4D>();
  });
}

/** The gradients of a linear map: transpose(left) right for its kernel, the column sums of right for its bias. */
function linearGradients(
  runtime: WasmRuntime,
  { left, right, batch }: { left: Address; right: Address; batch: number },
  kernel: TensorInfo,
): [Tensor, Tensor] {
  const { kernels } = runtime;
  const [k, n] = kernel.shape as [number, number];
  const dKernel = runtime.makeZeros([k, n]);
  const dBias = runtime.makeZeros([n]);
  runtime.withScratch(
    [packedLeftBytes(batch, k), packedRightBytes(batch, n)],
    ([packedLeft, packedRight]) => {
      kernels.packLeft(left, packedLeft, batch, k);
      kernels.packRight(right, packedRight, batch, n);
      kernels.multiplyTransposed(packedLeft, packedRight, runtime.addressOf(dKernel), batch, k, n);
      kernels.addRows(right, batch, n, runtime.addressOf(dBias));
    },
  );
  return [runtime.toTensor(dKernel), runtime.toTensor(dBias)];
}
