import type { Matrix } from '@serial-oe/foundation';
import type { DistanceCore } from './distance-core';
import { createTypescriptCore } from './typescript-core';
import { createWasmCore } from './wasm-core';

/** Differences, nQueries nRows nCols, from which compiling pays. */
const LEAST_WORK = 2 ** 22;
/** Queries from which laying out the rows anew pays. */
const LEAST_QUERIES = 32;

/** The core for so many queries to all rows: WebAssembly where it gains and is to be had, or else TypeScript. */
export function createDistanceCore(rows: Matrix, nQueries: number): DistanceCore {
  const gains = nQueries >= LEAST_QUERIES && nQueries * rows.data.length >= LEAST_WORK;
  return (gains && createWasmCore(rows)) || createTypescriptCore(rows);
}
