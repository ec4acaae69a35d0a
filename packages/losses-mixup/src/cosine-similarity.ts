import {
  abs,
  div,
  matMul,
  max,
  maximum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';

/** Shortest norm that a row is divided by: PyTorch's `functional.normalize`. A zero row gives cosine 0. */
const NORM_FLOOR = 1e-12;

interface UnitRows {
  unit: Tensor2D;
  norm: Tensor;
}

/** Cosines between the rows of two matrices, with what their gradients need. */
export interface CosineSimilarity {
  /** `[nRows of a, nRows of b]` */
  cosine: Tensor2D;
  a: UnitRows;
  b: UnitRows;
}

/** x / max(|x|, floor), by the largest value of each row first: squares of 1e20 and above overflow in float32. */
function unitRows(x: Tensor): UnitRows {
  const largest = maximum(max(abs(x), 1, true), NORM_FLOOR); // [nRows, 1]
  const scaled = div(x, largest);
  const length = maximum(sqrt(sum(square(scaled), 1, true)), div(NORM_FLOOR, largest));
  return { unit: div(scaled, length), norm: mul(largest, length) };
}

export function cosineSimilarity(a: Tensor, b: Tensor): CosineSimilarity {
  const rows = { a: unitRows(a), b: unitRows(b) };
  // transpose, then matMul: the transpose flags of matMul are many times slower on the WASM backend
  return { cosine: matMul(rows.a.unit, transpose(rows.b.unit)), ...rows };
}

/** Derivatives by a and b, from the derivative by their cosines. */
export function cosineSimilarityGradients({ a, b }: CosineSimilarity, dCosine: Tensor): [Tensor, Tensor] {
  const dUnitA = matMul(dCosine as Tensor2D, b.unit);
  const dUnitB = matMul(transpose(dCosine as Tensor2D), a.unit);
  return [unitRowsGradient(a, dUnitA), unitRowsGradient(b, dUnitB)];
}

/** Of u = x / |x|: dx = (du - u (u . du)) / |x|, the part of du that is tangent to the sphere. */
function unitRowsGradient({ unit, norm }: UnitRows, dUnit: Tensor): Tensor {
  return div(sub(dUnit, mul(unit, sum(mul(unit, dUnit), 1, true))), norm);
}
