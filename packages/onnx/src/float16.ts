/** Half way between float16's largest value, 65,504, and the next power of two: from here on values would round to infinity. */
const OVERFLOW = 65_520;
/** Smallest normal float16. */
const MIN_NORMAL = 2 ** -14;
/** Bits of a float32's fraction that a float16 has no room for. */
const N_DROPPED_BITS = 13;
/** Exponents of float32 are biased by 127, those of float16 by 15. */
const REBIAS = (127 - 15) << 23;

/**
 * The bits of each value rounded to float16 (IEEE 754 binary16), ties to even.
 *
 * @param name of the tensor, for the message
 * @throws RangeError for values that float16 cannot hold
 */
export function toFloat16(values: Float32Array, name: string): Uint16Array {
  const bitsOf = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(values, (value, i) => {
    const size = Math.abs(value);
    if (!(size < OVERFLOW)) {
      throw new RangeError(
        `onnx.exportOnnx: weights must lie within 65504 of 0 for float16, got ${value} in ${name}. Export float32.`,
      );
    }
    const bits = bitsOf[i]!;
    const sign = (bits >>> 16) & 0x8000;
    // The unit of subnormals is 2^-24. 1024 of them are the first normal value, so that rounding up to it needs no care.
    if (size < MIN_NORMAL) return sign | roundToEven(size * 2 ** 24);
    const rebiased = (bits & 0x7fff_ffff) - REBIAS;
    const isOdd = (rebiased >>> N_DROPPED_BITS) & 1;
    // Half a unit, less the smallest amount where the kept part is even; a carry into the exponent is as it should be.
    return sign | ((rebiased + 0x0fff + isOdd) >>> N_DROPPED_BITS);
  });
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below + (below % 2);
  return rest > 0.5 ? below + 1 : below;
}
