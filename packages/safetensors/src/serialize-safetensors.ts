import { checkOneOf, checkOptions, isFloat64Array, type OptionNames } from '@serial-oe/foundation';
import { isSize, METADATA_KEY, N_PREFIX_BYTES } from './parse-safetensors';
import { BYTES_PER_ELEMENT, elementWriter, type WritableDtype } from './safetensors-dtype';
import type { WeightArray } from './weights';

type AnyArray = WeightArray<Float32Array | Float64Array>;

const CALLER = 'safetensors.serializeSafetensors';
const WRITABLE: readonly WritableDtype[] = ['F64', 'F32', 'F16', 'BF16'];
/** Multiple of bytes to which the header is padded. */
const ALIGNMENT = 8;

/** Options of {@link serializeSafetensors}. */
export interface SerializeSafetensorsOptions {
  /**
   * How all values are stored: 'F64' and 'F32', or 'F16' (10 fraction bits, up to 65,504) and 'BF16' (7 fraction bits),
   * rounded to the nearest, ties to even; or a function that says so of each tensor. Default, also of a function that gives undefined:
   * as the tensor's array has it, F32 or F64.
   */
  dtype?: WritableDtype | ((name: string, shape: readonly number[]) => WritableDtype | undefined);
}

const OPTIONS: OptionNames<SerializeSafetensorsOptions> = { dtype: true };

/**
 * Writes tensors as a safetensors file. The header is padded to a multiple of 8 bytes, so that the data are
 * aligned; the tensors' bytes follow in the order of the map.
 *
 * @param metadata text by name, for the `__metadata__` of the header
 * @throws TypeError for an unknown option
 * @throws RangeError when shape and length disagree, a name is reserved, the dtype is none of these, or a finite
 * value is too large for it
 */
export function serializeSafetensors(
  tensors: ReadonlyMap<string, AnyArray>,
  metadata: Readonly<Record<string, string>> = {},
  options: SerializeSafetensorsOptions = {},
): Uint8Array {
  checkOptions(CALLER, options, OPTIONS);
  const dtypes = new Map([...tensors].map(([name, tensor]) => [name, chooseDtype(name, tensor, options)]));
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA_KEY, metadata]] : [];
  let position = 0;
  for (const [name, tensor] of tensors) {
    checkSerializable(name, tensor);
    const { shape, data } = tensor;
    const dtype = dtypes.get(name)!;
    const end = position + data.length * BYTES_PER_ELEMENT[dtype];
    entries.push([name, { dtype, shape, data_offsets: [position, end] }]);
    position = end;
  }
  // fromEntries defines each name, whereas an assignment to `__proto__` would lose it.
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(json.byteLength / ALIGNMENT) * ALIGNMENT;
  const dataStart = N_PREFIX_BYTES + headerLength;
  const file = new Uint8Array(dataStart + position);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, N_PREFIX_BYTES, dataStart); // spaces
  file.set(json, N_PREFIX_BYTES);
  writeData(new DataView(file.buffer, dataStart), tensors, dtypes);
  return file;
}

function chooseDtype(
  name: string,
  { shape, data }: AnyArray,
  { dtype }: SerializeSafetensorsOptions,
): WritableDtype {
  const chosen = typeof dtype === 'function' ? dtype(name, shape) : dtype;
  if (chosen === undefined) return isFloat64Array(data) ? 'F64' : 'F32';
  return checkOneOf(`${CALLER}: dtype`, chosen, WRITABLE);
}

function writeData(
  view: DataView,
  tensors: ReadonlyMap<string, AnyArray>,
  dtypes: ReadonlyMap<string, WritableDtype>,
): void {
  let offset = 0;
  for (const [name, { data }] of tensors) {
    const dtype = dtypes.get(name)!;
    const size = BYTES_PER_ELEMENT[dtype];
    const write = elementWriter(view, dtype);
    for (let i = 0; i < data.length; i++, offset += size) {
      if (!write(offset, data[i]!)) {
        throw new RangeError(
          `${CALLER}: ${name} must fit ${dtype}, got ${data[i]} at index ${i}. Write it as F32.`,
        );
      }
    }
  }
}

function checkSerializable(name: string, { shape, data }: AnyArray): void {
  if (name === METADATA_KEY) {
    throw new RangeError(
      `${CALLER}: a tensor's name must not be ${METADATA_KEY}, which the format reserves. Rename it.`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  if (!shape.every(isSize) || size !== data.length) {
    throw new RangeError(
      `${CALLER}: ${name} must hold as many values as its shape says, got [${shape.join(', ')}] and ${data.length} values.`,
    );
  }
}
