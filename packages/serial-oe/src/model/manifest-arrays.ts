import { isFloat64Array, nest } from '@serial-oe/foundation';
import type { WeightArray } from '@serial-oe/safetensors';

/**
 * Long arrays of a manifest stand in the weights' file, as float64 and bit for bit: text takes three times the room and
 * is slow to read. Where one stood, the manifest holds `{ "$tensor": NAME }`, and NAME is the place as a JSON pointer
 * (RFC 6901): `/detectors/00/detector/means`. No name of the network's weights begins with a slash.
 */

/** Shorter arrays stay in the manifest, where a person reads them. */
const N_LEAST = 16;
/** What a manifest nests; deeper text would end the recursion over it. */
export const MAX_DEPTH = 32;
/** What an array nests. */
const MAX_RANK = 8;
const REFERENCE = '$tensor';

type Tensors = ReadonlyMap<string, WeightArray<Float32Array | Float64Array>>;

/** Whether a tensor of the weights' file is an array of the manifest. */
export function isLifted(name: string): boolean {
  return name.startsWith('/');
}

/** The manifest without its long arrays, and these by name. */
export function liftArrays(manifest: object): {
  json: Record<string, unknown>;
  tensors: Map<string, WeightArray<Float64Array>>;
} {
  const tensors = new Map<string, WeightArray<Float64Array>>();
  const json = mapPlaces(manifest, (value, place) => {
    if (!Array.isArray(value)) return undefined;
    const shape = shapeOf(value);
    if (shape === undefined || shape.reduce((product, size) => product * size, 1) < N_LEAST) return undefined;
    const data = Float64Array.from((value as unknown[]).flat(MAX_RANK) as number[]);
    tensors.set(place, { shape, data });
    return { [REFERENCE]: place };
  });
  return { json: json as Record<string, unknown>, tensors };
}

/**
 * The manifest with its long arrays, nested as they were.
 * @throws RangeError where a reference and the tensors do not fit together
 */
export function restoreArrays(json: unknown, tensors: Tensors): unknown {
  const unused = new Set([...tensors.keys()].filter(isLifted));
  const restored = mapPlaces(json, (value, place) => {
    const name = referenceOf(value);
    if (name === undefined) return undefined;
    if (name !== place) throw new RangeError(`the reference at ${place} must name its place, got ${name}.`);
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RangeError(`the tensor ${name} must be there, got none.`);
    unused.delete(name);
    return nested(name, tensor);
  });
  const [name] = unused;
  if (name !== undefined) throw new RangeError(`the tensor ${name} must have its place in the manifest.`);
  return restored;
}

/** Has its say at each object and array, from the outside to the inside; undefined leaves it and goes on inside. */
type Replace = (value: object, place: string) => unknown;

/**
 * A copy with what `replace` puts in the place of values.
 * @throws RangeError where values are nested too deep
 */
function mapPlaces(value: unknown, replace: Replace, { place = '', depth = 0 } = {}): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const replaced = replace(value, place);
  if (replaced !== undefined) return replaced;
  if (depth >= MAX_DEPTH)
    throw new RangeError(`${place} must not be nested deeper than ${MAX_DEPTH} levels.`);
  const inner = (each: unknown, key: string | number) =>
    mapPlaces(each, replace, { place: `${place}/${escapeKey(String(key))}`, depth: depth + 1 });
  if (Array.isArray(value)) return value.map(inner);
  // fromEntries defines each name, whereas an assignment to `__proto__` would lose it.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each, key)]));
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function referenceOf(value: object): string | undefined {
  const { [REFERENCE]: name, ...others } = value as Record<string, unknown>;
  return typeof name === 'string' && Object.keys(others).length === 0 ? name : undefined;
}

/** The shape of nested arrays of numbers, where they have one. */
function shapeOf(value: readonly unknown[], rank = 1): number[] | undefined {
  if (value.length === 0 || rank > MAX_RANK) return undefined;
  if (value.every((each) => typeof each === 'number')) return [value.length];
  if (!value.every((each) => Array.isArray(each))) return undefined;
  const [first, ...others] = value.map((each) => shapeOf(each, rank + 1));
  if (first === undefined || !others.every((shape) => shape?.join() === first.join())) return undefined;
  return [value.length, ...first];
}

function nested(name: string, { shape, data }: WeightArray<Float32Array | Float64Array>): unknown[] {
  if (!isFloat64Array(data)) throw new RangeError(`the tensor ${name} must be of dtype F64.`);
  if (shape.length === 0 || shape.length > MAX_RANK || shape.includes(0)) {
    throw new RangeError(
      `the tensor ${name} must have 1 to ${MAX_RANK} axes and values, got [${shape.join(', ')}].`,
    );
  }
  return nest(data, shape);
}
