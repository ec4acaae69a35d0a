// The loops of full and tied covariances, in float64. Addresses and strides are bytes; nothing is allocated, and nothing
// written but the results. Sums run in the order that src/gaussian-core.ts states, so the results equal those of the
// TypeScript core bit for bit.
export { packColumns, packRows } from './pack';
export { scatterTiles, whitenedSquares } from './multiply-panels';
