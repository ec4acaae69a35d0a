import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';

/** The points of a set of tools/reference/report.py: row i lies around centre i mod nClusters. */
export function clusteredPoints(set: {
  name: string;
  nRows: number;
  nCols: number;
  nClusters: number;
  spread: number;
}) {
  const { name, nRows, nCols, nClusters, spread } = set;
  const centers = formulaValues(`${name}.centers`, nClusters * nCols);
  const data = formulaValues(`${name}.noise`, nRows * nCols).map(
    (noise, i) => centers[(Math.floor(i / nCols) % nClusters) * nCols + (i % nCols)]! + spread * noise,
  );
  return { data, nRows, nCols };
}

export function rowsOf({ data, nRows, nCols }: { data: Float64Array; nRows: number; nCols: number }) {
  return Array.from({ length: nRows }, (_, i) => Array.from(data.subarray(i * nCols, (i + 1) * nCols)));
}
