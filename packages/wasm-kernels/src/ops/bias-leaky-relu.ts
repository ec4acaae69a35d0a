import type { Tensor, Tensor1D, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { tapePosition } from '../rows/deferred-backend';
import { forEachBlock } from '../rows/row-range';
import type { RowSource } from '../rows/row-source';
import { ACTIVATION_CODES, type Address, normGradientBytes } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { IncomingGradient } from './differentiable';
import { StatisticsGatherer } from './gather-statistics';
import { gradientSource, Input } from './input';
import type { OpsContext } from './ops-context';
import { storedValues } from './stored-values';

/** Floats of a block, a part of the second-level cache. */
const BLOCK_FLOATS = 32_768;

interface Bend {
  bias: Tensor1D | null;
  slope: number;
}

/**
 * x + bias, and below 0 times the slope: a BatchNorm of mean 0 and variance 1 with PReLU, whose kernels serve. The tape keeps
 * the output alone, which has the sign of what was bent.
 */
export function biasLeakyRelu(context: OpsContext, x: Tensor4D, { bias, slope }: Bend): Tensor4D {
  const { runtime, batchStatistics } = context;
  const input = new Input(context, x);
  return context.differentiable<Tensor4D>(
    bias ? [x, bias] : [x],
    () => {
      const y = runtime.makeData(x.shape);
      const statistics = bend(runtime, { source: input.source, y }, { bias, slope });
      if (statistics) batchStatistics.set(y.dataId, statistics);
      return { value: runtime.toTensor<Tensor4D>(y), saved: slope === 1 ? [] : [y] };
    },
    (dy, [y]) => {
      const hasBias = bias !== null;
      return y
        ? bentGradients(context, dy, { y, slope, hasBias })
        : addedGradients(context, dy.tensor, hasBias);
    },
  );
}

function bend(
  runtime: WasmRuntime,
  { source, y }: { source: RowSource; y: TensorInfo },
  { bias, slope }: Bend,
): ReturnType<StatisticsGatherer['finish']> | null {
  const { nRows, nChannels } = source;
  const blockRows = blockRowsOf(nChannels);
  const code = slope === 1 ? ACTIVATION_CODES.none : ACTIVATION_CODES.prelu;
  const sizes = [
    source.scratchBytes(blockRows),
    20 * nChannels,
    StatisticsGatherer.bytes(nChannels),
  ] as const;
  return runtime.withScratch(sizes, ([scratch, norm, state]) => {
    writeNorm(runtime, norm, { nChannels, slope, bias });
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nChannels, state);
    forEachBlock(nRows, blockRows, (range) => {
      const target = runtime.addressOf(y) + 4 * nChannels * range.first;
      const rows = source.read(range, scratch);
      runtime.kernels.normalize(rows, range.count, nChannels, norm, code, 0, target);
      statistics?.add(target, range.count);
    });
    return statistics ? statistics.finish() : null;
  });
}

/** The gradients for x and the bias through the bend. */
function bentGradients(
  context: OpsContext,
  { tensor: dy, isWritable }: IncomingGradient<Tensor4D>,
  { y, slope, hasBias }: { y: Tensor; slope: number; hasBias: boolean },
): Tensor[] {
  const { runtime } = context;
  const source = gradientSource(context, dy);
  const { nRows, nChannels } = source;
  const isInPlace = isWritable && source.recipe === null;
  const dx = isInPlace ? runtime.hold<TensorInfo>(dy) : runtime.makeData(y.shape);
  const blockRows = blockRowsOf(nChannels);
  const sizes = [source.scratchBytes(blockRows), 20 * nChannels, normGradientBytes(nChannels)] as const;
  const dBias = runtime.withScratch(sizes, ([scratch, norm, state]) => {
    writeNorm(runtime, norm, { nChannels, slope, bias: null });
    runtime.clear(state, normGradientBytes(nChannels));
    forEachBlock(nRows, blockRows, (range) => {
      const offset = 4 * nChannels * range.first;
      runtime.kernels.gatherNormGradient(
        source.read(range, scratch),
        runtime.addressOf(y) + offset,
        range.count,
        nChannels,
        norm,
        ACTIVATION_CODES.prelu,
        runtime.addressOf(dx) + offset,
        state,
      );
    });
    return hasBias ? [runtime.makeFrom(runtime.doubles(state, nChannels), [nChannels])] : [];
  });
  return [{ ...dx, shape: y.shape }, ...dBias].map((info) => runtime.toTensor(info));
}

/** The gradients of a sum: dy itself and, where there is a bias, its sum over the rows. */
function addedGradients(context: OpsContext, dy: Tensor4D, hasBias: boolean): Tensor[] {
  const { runtime } = context;
  const dx = storedValues(context, dy);
  if (!hasBias) return [runtime.toTensor(dx)];
  const nChannels = dy.shape[3];
  const dBias = runtime.makeZeros([nChannels]);
  const [rows, sums] = [runtime.addressOf(dx), runtime.addressOf(dBias)];
  runtime.kernels.addRows(rows, dy.size / nChannels, nChannels, sums);
  return [dx, dBias].map((info) => runtime.toTensor(info));
}

/** The norm of mean 0, scale 1 and, instead of beta, the bias. */
function writeNorm(
  runtime: WasmRuntime,
  norm: Address,
  { nChannels, slope, bias }: Bend & { nChannels: number },
): void {
  const row = (index: number) => runtime.floats(norm + 4 * index * nChannels, nChannels);
  const shift = bias ? runtime.floats(runtime.addressOf(bias), nChannels) : null;
  row(0).fill(0);
  row(1).fill(1);
  if (shift) row(2).set(shift);
  else row(2).fill(0);
  row(3).fill(1);
  row(4).fill(slope);
}

function blockRowsOf(nChannels: number): number {
  return Math.max(1, Math.floor(BLOCK_FLOATS / nChannels));
}
