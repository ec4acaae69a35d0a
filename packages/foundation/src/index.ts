export { checkOptions, nearestName, type OptionNames } from './check-options';
export {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkRandom,
  checkThreadCount,
  FINITE,
  FRACTION,
  type NumberRule,
  numberAbove,
  numberFrom,
  numberWithin,
  POSITIVE_COUNT,
  RATE,
  wholeNumber,
} from './check-value';
export { cholesky, covarianceOfPrecisionFactor, inverseTransposed, upperCholesky } from './cholesky';
export { compareText } from './compare-text';
export { csvField } from './csv-field';
export { type FloatArray, isFloat32Array, isFloat64Array } from './float-arrays';
export { hidePassword } from './hide-password';
export { isRows, type Matrix, type MatrixLike, type MatrixRules, toMatrix } from './matrix';
export { type NameSomeOptions, nameSome } from './name-some';
export { flatten, nest } from './nested-arrays';
export { fitted, NotFittedError } from './not-fitted-error';
export { printable, printableLine } from './printable';
export { quantile } from './quantile';
export {
  checkedRandom,
  drawIndex,
  drawNormal,
  drawPermutation,
  drawUniform,
  fillNormal,
  normalValues,
  shuffled,
  uniformValues,
} from './random-draws';
export { readJson, readJsonObject } from './read-json';
export { seededRandom } from './seeded-random';
export { sha256 } from './sha256';
export { show } from './show';
export { allocateKernelMemory, compileSmallKernel, instantiateSmallKernel } from './small-kernel';
