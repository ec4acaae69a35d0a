import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  DensityNormalizedNeighbors,
  KernelDensity,
  KNearestNeighbors,
  LocalOutlierFactor,
  MahalanobisDistance,
  OneClassSvm,
  type OutlierDetector,
} from '../src/index';
import golden from './golden/detectors.json';

const N_FACTORS = 4;
const N_TEST = 12;

/** The formula of tools/reference/detectors.py. */
function embeddings(name: string, nRows: number, nCols: number): number[][] {
  const noise = formulaValues(`${name}.noise`, nRows * nCols);
  const factors = formulaValues(`${name}.factors`, nRows * N_FACTORS);
  const loadings = formulaValues(`loadings.${nCols}`, N_FACTORS * nCols);
  return Array.from({ length: nRows }, (_, i) =>
    Array.from({ length: nCols }, (_, j) => {
      let value = 0.25 + noise[i * nCols + j]! / (1 + j / 16);
      for (let k = 0; k < N_FACTORS; k++) value += factors[i * N_FACTORS + k]! * loadings[k * nCols + j]!;
      return value;
    }),
  );
}

export type DataName = keyof typeof golden.data;

/** Training rows, and rows to score: normal ones, at 4 and 5 training rows, from 6 to 8 ones far off. */
export function goldenData(name: string): { train: number[][]; test: number[][] } {
  const { nRows, nCols, nDistinct } = golden.data[name as DataName];
  const distinct = embeddings(name, nDistinct, nCols);
  const train = Array.from({ length: nRows }, (_, i) => distinct[i % nDistinct]!);
  const test = embeddings(`${name}.test`, N_TEST, nCols);
  test.splice(4, 2, train[0]!, train[nDistinct - 1]!);
  for (let i = 6; i < 9; i++) test[i] = test[i]!.map((value) => value * 3);
  return { train, test };
}

/** The same rows as a flat matrix. */
export function flatMatrix(rows: number[][]): { data: Float64Array; nRows: number; nCols: number } {
  return { data: Float64Array.from(rows.flat()), nRows: rows.length, nCols: rows[0]!.length };
}

/** By its name, since golden files hold names. */
export const DETECTORS: Record<string, new (options?: object) => OutlierDetector> = {
  KNearestNeighbors,
  DensityNormalizedNeighbors,
  LocalOutlierFactor,
  KernelDensity,
  MahalanobisDistance,
  OneClassSvm,
};
