import type { Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, packedLeftBytes, packedRightBytes } from '../runtime/kernel-exports';
import { tapePosition } from './deferred-backend';
import type { IncomingGradient } from './differentiable';
import { StatisticsGatherer } from './gather-statistics';
import { Input } from './input';
import type { OpsContext } from './ops-context';
import type { RowRange } from './recipe';
import { RowSource } from './row-source';

/** Floats of input and output rows in a block, 256 KB: a part of the second-level cache. */
const BLOCK_FLOATS = 65_536;
/** So many rows at least make the packed right factor worth its reads. */
const MIN_BLOCK_ROWS = 64;

/** 1x1 convolution, a matrix product: rows of the input, block after block, times the filter. */
export function pointwiseConv2d(context: OpsContext, x: Tensor4D, filter: Tensor4D): Tensor4D {
  const input = new Input(context, x);
  const [batch, height, width] = x.shape;
  const [, , nIn, nOut] = filter.shape;
  return context.differentiable<Tensor4D>(
    [x, filter],
    () => {
      const y = context.runtime.makeData([batch, height, width, nOut]);
      multiplyByFilter(context, { source: input.source, filter, y });
      return { value: context.runtime.toTensor(y), saved: [...input.source.parts, filter] };
    },
    (dy, saved) =>
      pointwiseGradients(context, dy, {
        input,
        source: input.source.withParts(saved.slice(0, -1)),
        filter: saved[saved.length - 1]!,
        nIn,
      }),
  );
}

interface Product {
  source: RowSource;
  filter: TensorInfo;
  y: TensorInfo;
}

function multiplyByFilter(context: OpsContext, { source, filter, y }: Product): void {
  const { runtime, batchStatistics } = context;
  const [nIn, nOut] = [source.nChannels, y.shape[3]!];
  const blockRows = rowsOfBlock(nIn, nOut);
  const sizes = [packedRightBytes(nIn, nOut), source.scratchBytes(blockRows), StatisticsGatherer.bytes(nOut)];
  runtime.withScratch(sizes, (packed, scratch, state) => {
    const statistics = tapePosition() && new StatisticsGatherer(runtime, nOut, state!);
    runtime.kernels.packRight(runtime.addressOf(filter), packed!, nIn, nOut);
    forEachBlock(source.nRows, blockRows, (range) => {
      const rows = source.read(range, scratch!);
      const target = runtime.addressOf(y) + 4 * range.first * nOut;
      runtime.kernels.multiply(rows, packed!, target, range.count, nIn, nOut);
      statistics?.add(target, range.count);
    });
    if (statistics) batchStatistics.set(y.dataId, statistics.finish());
  });
}

interface PointwiseContext {
  input: Input;
  source: RowSource;
  filter: TensorInfo;
  nIn: number;
}

/** dx = dy transpose(filter) and dFilter = transpose(x) dy, both from one read of each block. */
function pointwiseGradients(
  context: OpsContext,
  dy: IncomingGradient<Tensor4D>,
  { input, source, filter, nIn }: PointwiseContext,
): Tensor[] {
  const { runtime } = context;
  const { kernels } = runtime;
  const gradient = gradientSource(context, dy.tensor);
  const nOut = gradient.nChannels;
  const blockRows = rowsOfBlock(nIn, nOut);
  const dFilter = runtime.makeZeros(filter.shape);
  const sizes = [
    packedRightBytes(nOut, nIn),
    source.scratchBytes(blockRows),
    gradient.scratchBytes(blockRows),
    packedLeftBytes(blockRows, nIn),
    packedRightBytes(blockRows, nOut),
    input.gradientStateBytes,
  ];
  const dx = runtime.withScratch(sizes, (...areas) => {
    const [packedFilter, xScratch, dyScratch, packedX, packedDy, state] = areas as AddressesOfSix;
    const inputGradient = input.startGradient(source, state);
    kernels.packRightTransposed(runtime.addressOf(filter), packedFilter, nOut, nIn);
    forEachBlock(source.nRows, blockRows, (range) => {
      const { first, count } = range;
      const dyRows = gradient.read(range, dyScratch);
      kernels.multiply(dyRows, packedFilter, inputGradient.addressOf(first), count, nOut, nIn);
      inputGradient.finishRows(range);
      kernels.packLeft(source.read(range, xScratch), packedX, count, nIn);
      kernels.packRight(dyRows, packedDy, count, nOut);
      kernels.multiplyTransposed(packedX, packedDy, runtime.addressOf(dFilter), count, nIn, nOut);
    });
    return inputGradient.finish<Tensor4D>();
  });
  return [dx, runtime.toTensor(dFilter)];
}

type AddressesOfSix = [Address, Address, Address, Address, Address, Address];

/** A gradient as the tape hands it over. */
export function gradientSource({ runtime, deferred }: OpsContext, dy: Tensor): RowSource {
  return new RowSource(runtime, dy, deferred.find(dy)?.recipe ?? null);
}

function rowsOfBlock(nIn: number, nOut: number): number {
  const rows = Math.floor(BLOCK_FLOATS / (nIn + nOut) / 4) * 4;
  return Math.max(MIN_BLOCK_ROWS, rows);
}

export function forEachBlock(nRows: number, blockRows: number, use: (range: RowRange) => void): void {
  for (let first = 0; first < nRows; first += blockRows) {
    use({ first, count: Math.min(blockRows, nRows - first) });
  }
}
