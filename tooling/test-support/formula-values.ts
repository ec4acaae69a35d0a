/**
 * Numbers that look random and that Python and TypeScript both compute exactly, so that golden files need to hold
 * outputs alone. `tools/reference/formula_values.py` is the same formula.
 */

/** `length` values in [-1, 1): MurmurHash3's finalizer of the index, started from the FNV-1a hash of the name. */
export function formulaValues(name: string, length: number): Float64Array {
  const start = fnv1a(name);
  const { imul } = Math; // a local, because jest makes every look-up of a global slow
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let h = (start + imul(i, 0x9e3779b1)) | 0;
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i] = ((h ^ (h >>> 16)) >>> 0) / 0x80000000 - 1;
  }
  return values;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * The value of each tensor of the extractor by its name and its shape in our layout. Kernels have the variance
 * 2 / fan-in, so that activations keep their size through the network; running variances are positive.
 */
export function formulaWeight(name: string, shape: readonly number[]): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  const transform = weightTransform(name, shape);
  const values = new Float32Array(length);
  formulaValues(name, length).forEach((u, i) => {
    values[i] = transform(u);
  });
  return values;
}

function weightTransform(name: string, shape: readonly number[]): (u: number) => number {
  if (name.endsWith('running_var')) return (u) => 1 + 0.5 * u;
  if (name.endsWith('running_mean')) return (u) => 0.2 * u;
  if (name.endsWith('bias')) return (u) => 0.1 * u;
  if (name.endsWith('prelu.weight')) return (u) => 0.25 + 0.05 * u;
  if (shape.length === 1) return (u) => 1 + 0.2 * u;
  const nOut = name.includes('conv_dw') ? 1 : shape[shape.length - 1]!;
  const size = shape.reduce((product, length) => product * length, 1);
  const fanIn = name.includes('conv_dw') ? shape[0]! * shape[1]! : size / nOut;
  const bound = Math.sqrt(3) * Math.sqrt(2 / fanIn);
  return (u) => bound * u;
}
