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

export function isSafetensorsDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === 'string' && Object.hasOwn(BYTES_PER_ELEMENT, value);
}

/** Little-endian elements of one tensor as numbers; 64-bit values are rounded to the nearest float32. */
export function decodeElements(view: DataView, dtype: SafetensorsDtype): Float32Array {
  const size = BYTES_PER_ELEMENT[dtype];
  const values = new Float32Array(view.byteLength / size);
  const read = elementReader(view, dtype);
  for (let i = 0; i < values.length; i++) values[i] = read(i * size);
  return values;
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
