import {
  div,
  matMul,
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

function unitRows(x: Tensor): UnitRows {
  const norm = maximum(sqrt(sum(square(x), 1, true)), NORM_FLOOR); // [nRows, 1]
  return { unit: div(x, norm), norm };
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
