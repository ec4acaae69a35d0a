/** Bytes an element, for every dtype of the format that this package reads. */
export const BYTES_PER_ELEMENT = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type SafetensorsDtype = keyof typeof BYTES_PER_ELEMENT;

/** The dtypes that this package writes. */
export type WritableDtype = 'F64' | 'F32' | 'F16' | 'BF16';

export function isSafetensorsDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === 'string' && Object.hasOwn(BYTES_PER_ELEMENT, value);
}

/** Little-endian elements of one tensor as numbers, rounded to the nearest that the array holds. */
export function decodeElements<Data extends Float32Array | Float64Array>(
  view: DataView,
  dtype: SafetensorsDtype,
  create: (length: number) => Data,
): Data {
  const size = BYTES_PER_ELEMENT[dtype];
  const values = create(view.byteLength / size);
  if (isStoredAs(dtype, values)) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return values;
  }
  const read = elementReader(view, dtype);
  for (let i = 0; i < values.length; i++) values[i] = read(i * size);
  return values;
}

/** Whether the array holds its values as the file does, byte for byte. */
function isStoredAs(
  dtype: SafetensorsDtype,
  { BYTES_PER_ELEMENT: nBytes }: Float32Array | Float64Array,
): boolean {
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  return isLittleEndian && ((dtype === 'F32' && nBytes === 4) || (dtype === 'F64' && nBytes === 8));
}

function elementReader(view: DataView, dtype: SafetensorsDtype): (offset: number) => number {
  switch (dtype) {
    case 'F64':
      return (offset) => view.getFloat64(offset, true);
    case 'F32':
      return (offset) => view.getFloat32(offset, true);
    case 'F16':
      return (offset) => halfToNumber(view.getUint16(offset, true));
    case 'BF16':
      return bfloat16Reader(view);
    case 'I64':
      return (offset) => Number(view.getBigInt64(offset, true));
    case 'I32':
      return (offset) => view.getInt32(offset, true);
    case 'I16':
      return (offset) => view.getInt16(offset, true);
    case 'I8':
      return (offset) => view.getInt8(offset);
    case 'U8':
    case 'BOOL':
      return (offset) => view.getUint8(offset);
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits >>> 15 === 1 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24; // zero and subnormal
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function bfloat16Reader(view: DataView): (offset: number) => number {
  const scratch = new DataView(new ArrayBuffer(4));
  return (offset) => {
    scratch.setUint16(0, view.getUint16(offset, true));
    return scratch.getFloat32(0);
  };
}

/**
 * Writes one value at an offset, rounded to the nearest value of the dtype (ties to even). Returns false, and writes
 * nothing of use, for a finite value that would become infinite.
 */
export function elementWriter(
  view: DataView,
  dtype: WritableDtype,
): (offset: number, value: number) => boolean {
  switch (dtype) {
    case 'F64':
      return (offset, value) => {
        view.setFloat64(offset, value, true);
        return true;
      };
    case 'F32':
      return (offset, value) => {
        view.setFloat32(offset, value, true);
        return true;
      };
    case 'F16':
      return (offset, value) => {
        view.setUint16(offset, numberToHalf(value), true);
        return Math.abs(value) < HALF_OVERFLOW || !Number.isFinite(value);
      };
    case 'BF16':
      return bfloat16Writer(view);
  }
}

/** Half way between the largest half, 65,504, and the next power of two: from here on values round to infinity. */
const HALF_OVERFLOW = 65_520;

function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= HALF_OVERFLOW) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundHalfToEven(size * 2 ** 24); // subnormal; 1024 is the first normal number
  const exponent = 17 - Math.clz32(size * 2 ** 14); // floor(log2(size)); the product is in [1, 2^30)
  // a fraction that rounds up to 1024 carries into the exponent, as it should
  return sign | (((exponent + 15) << 10) + roundHalfToEven((size * 2 ** -exponent - 1) * 1024));
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below + (below % 2);
  return rest > 0.5 ? below + 1 : below;
}

function bfloat16Writer(view: DataView): (offset: number, value: number) => boolean {
  const scratch = new DataView(new ArrayBuffer(4));
  return (offset, value) => {
    scratch.setFloat32(0, value);
    const bits = scratch.getUint32(0);
    const isNan = Number.isNaN(value);
    // adding half a unit, less one where the last kept bit is even, rounds ties to even
    const rounded = isNan ? 0x7fc0 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    view.setUint16(offset, rounded, true);
    return isNan || (rounded & 0x7fff) < 0x7f80 || !Number.isFinite(value);
  };
}
