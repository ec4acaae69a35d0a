import { depthwiseConv2d, dispose, type Tensor, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { AxisGeometry } from '../convolution/image-geometry';
import type { ConvolutionGeometry } from './convolution-geometry';
import { type Margin, padSpatially } from './padding';

/** What one tap of a filter meets. */
export interface TapView {
  /**
   * The rows and columns of the zero-padded input that lie a multiple of the stride apart, the tap's own among them,
   * `[batch, h, w, channels]`.
   */
  phase: Tensor4D;
  /** Zeros around the rows of dy that lay dy over the part of `phase` that the tap sees. */
  rows: Margin;
  /** The same for the columns. */
  columns: Margin;
}

/**
 * Calls `use` for each tap of a filter, within a tidy of its own.
 *
 * The gradient of a tap is the sum over the output of dy times the input as the tap sees it. Cropping the input to
 * that view is slow on WASM and padding is not, so that dy moves instead: all taps with the same offset modulo the
 * stride share one subgrid of the input, a phase, and dy gets zeros around it.
 *
 * @returns The results in the order of the taps (row by row).
 */
export function mapTaps<T extends Tensor>(
  x: Tensor4D,
  { height, width }: ConvolutionGeometry,
  use: (view: TapView) => T,
): T[] {
  const nRows = phaseSize(height);
  const nColumns = phaseSize(width);
  const padded = padSpatially(
    x,
    [height.padBefore, nRows * height.stride - height.inSize - height.padBefore],
    [width.padBefore, nColumns * width.stride - width.inSize - width.padBefore],
  );
  const rowTaps = axisTaps(height, nRows);
  const columnTaps = axisTaps(width, nColumns);
  const results: T[] = [];
  for (const rowPhase of new Set(rowTaps.map((tap) => tap.phase))) {
    for (const columnPhase of new Set(columnTaps.map((tap) => tap.phase))) {
      const phase = pickPhase(padded, [height.stride, width.stride], [rowPhase, columnPhase]);
      rowTaps.forEach((row, i) => {
        columnTaps.forEach((column, j) => {
          if (row.phase !== rowPhase || column.phase !== columnPhase) return;
          results[i * columnTaps.length + j] = tidy(() =>
            use({ phase, rows: row.margin, columns: column.margin }),
          );
        });
      });
      if (phase !== padded) dispose(phase);
    }
  }
  return results;
}

/** Rows of each phase: enough for the input and for dy at its furthest offset. */
function phaseSize({ inSize, outSize, kernelSize, stride, dilation, padBefore }: AxisGeometry): number {
  const lastOffset = Math.floor(((kernelSize - 1) * dilation) / stride);
  return Math.max(outSize + lastOffset, Math.ceil((padBefore + inSize) / stride));
}

function axisTaps(axis: AxisGeometry, nRows: number): { phase: number; margin: Margin }[] {
  return Array.from({ length: axis.kernelSize }, (_, tap) => {
    const position = tap * axis.dilation;
    const offset = Math.floor(position / axis.stride);
    return { phase: position % axis.stride, margin: [offset, nRows - axis.outSize - offset] };
  });
}

/** Every stride-th row and column, by a depthwise convolution whose filter is 1 at the phase and 0 elsewhere. */
function pickPhase(
  padded: Tensor4D,
  [strideHeight, strideWidth]: [number, number],
  [row, column]: [number, number],
): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return padded;
  const nChannels = padded.shape[3];
  const values = new Float32Array(strideHeight * strideWidth * nChannels);
  const place = row * strideWidth + column;
  values.fill(1, place * nChannels, (place + 1) * nChannels);
  return tidy(() =>
    depthwiseConv2d(
      padded,
      tensor4d(values, [strideHeight, strideWidth, nChannels, 1]),
      [strideHeight, strideWidth],
      'valid',
    ),
  );
}
