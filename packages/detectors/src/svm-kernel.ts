import type { Matrix } from '@serial-oe/foundation';
import { createDistanceCore } from './choose-core';
import { type DistanceBlock, forEachDistanceBlock } from './distance-blocks';

/** K(x, y) = exp(-gamma |x - y|^2), or x . y. */
export type SvmKernel = { readonly kind: 'rbf'; readonly gamma: number } | { readonly kind: 'linear' };

/** Fills `out`, `[nRows]`, with K(x_i, x_j) for all j. */
export type FillKernelRow = (i: number, out: Float64Array) => void;

/** For many rows of the kernel. */
export function kernelRowFiller(kernel: SvmKernel, x: Matrix): FillKernelRow {
  const { data, nCols } = x;
  const rowOf = (i: number) => data.subarray(i * nCols, (i + 1) * nCols);
  if (kernel.kind === 'linear') return (i, out) => fillDots(x, rowOf(i), out);
  const { gamma } = kernel;
  const core = createDistanceCore(x, x.nRows);
  return (i, out) => {
    const queries = { data: rowOf(i), nRows: 1, nCols };
    const consume = ({ firstRow, nRows, squared }: DistanceBlock) => {
      for (let j = 0; j < nRows; j++) out[firstRow + j] = Math.exp(-gamma * squared[j]!);
    };
    forEachDistanceBlock({ queries, rows: x, core }, consume);
  };
}

/** K(x_i, x_i), `[nRows]`. */
export function kernelDiagonal(kernel: SvmKernel, { data, nRows, nCols }: Matrix): Float64Array {
  const diagonal = new Float64Array(nRows);
  if (kernel.kind === 'rbf') return diagonal.fill(1);
  for (let i = 0; i < data.length; i++) diagonal[Math.floor(i / nCols)]! += data[i]! ** 2;
  return diagonal;
}

/** Rows, each with its weight, `[nRows]`. */
export interface WeightedRows {
  rows: Matrix;
  weights: Float64Array;
}

/** The sum over the rows y_j of weights_j K(x_i, y_j) for each query x_i, `[nQueries]`. */
export function kernelSums(
  kernel: SvmKernel,
  queries: Matrix,
  { rows, weights }: WeightedRows,
): Float64Array {
  const sums = new Float64Array(queries.nRows);
  if (kernel.kind === 'linear') {
    fillDots(queries, weightedRow(rows, weights), sums);
    return sums;
  }
  const { gamma } = kernel;
  forEachDistanceBlock({ queries, rows }, ({ firstQuery, nQueries, firstRow, nRows, squared, stride }) => {
    for (let i = 0; i < nQueries; i++) {
      let sum = 0;
      for (let j = 0; j < nRows; j++) {
        sum += weights[firstRow + j]! * Math.exp(-gamma * squared[i * stride + j]!);
      }
      sums[firstQuery + i]! += sum;
    }
  });
  return sums;
}

/** The sum of the rows, each times its weight, `[nCols]`. */
function weightedRow({ data, nRows, nCols }: Matrix, weights: Float64Array): Float64Array {
  const sum = new Float64Array(nCols);
  for (let i = 0; i < nRows; i++) {
    for (let j = 0; j < nCols; j++) sum[j]! += weights[i]! * data[i * nCols + j]!;
  }
  return sum;
}

/** The scalar product of each row with `y`, into `out`. */
function fillDots({ data, nRows, nCols }: Matrix, y: Float64Array, out: Float64Array): void {
  for (let i = 0; i < nRows; i++) {
    let sum = 0;
    for (let j = 0; j < nCols; j++) sum += data[i * nCols + j]! * y[j]!;
    out[i] = sum;
  }
}
