export type FloatArray = Float32Array | Float64Array;

/** By its tag, not instanceof: an array of another realm (a worker's message, a test runner's) is as good. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return tagOf(value) === '[object Float32Array]';
}

/** As {@link isFloat32Array}. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return tagOf(value) === '[object Float64Array]';
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}
