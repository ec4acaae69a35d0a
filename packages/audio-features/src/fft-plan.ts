/**
 * The steps of a complex transform of `size` numbers by decimation in time, as fft.js takes them: transforms of four
 * (of two where the size is no power of four), then ever longer ones of four each.
 *
 * @see P. Duhamel, M. Vetterli, "Fast Fourier transforms: a tutorial review", Signal Processing 19 (1990), 259-299.
 */
export interface FftPlan {
  /** Size of the transforms of the first step. */
  firstRadix: 2 | 4;
  /** `[size / firstRadix]`: first number of each of these; the others follow at every size / firstRadix numbers. */
  order: Uint32Array;
  /** The later steps: `length` numbers grow to 4 length, with `[length, 3]` complex factors w^j, w^2j, w^3j. */
  steps: { length: number; factors: Float64Array }[];
}

/** @param size a power of two of at least 2. */
export function planFft(size: number): FftPlan {
  const firstRadix = Math.log2(size) % 2 === 0 ? 4 : 2;
  const nFirst = size / firstRadix;
  const steps = [];
  for (let length: number = firstRadix; length < size; length *= 4) {
    steps.push({ length, factors: factorsOf(length, size) });
  }
  return {
    firstRadix,
    order: Uint32Array.from({ length: nFirst }, (_, t) => reverseDigits(t, nFirst)),
    steps,
  };
}

/** The digits of base 4 of a number below `limit`, a power of four, in reverse. */
function reverseDigits(value: number, limit: number): number {
  let reversed = 0;
  for (let rest = value, place = 1; place < limit; place *= 4) {
    reversed = reversed * 4 + (rest % 4);
    rest = Math.floor(rest / 4);
  }
  return reversed;
}

/** The angles as fft.js forms them, so that the last digit is the same. */
function factorsOf(length: number, size: number): Float64Array {
  const stride = size / (4 * length);
  const factors = new Float64Array(length * 6);
  for (let j = 0; j < length; j++) {
    for (let power = 1; power <= 3; power++) {
      const angle = (Math.PI * (2 * j * power * stride)) / size;
      factors[6 * j + 2 * power - 2] = Math.cos(angle);
      factors[6 * j + 2 * power - 1] = -Math.sin(angle);
    }
  }
  return factors;
}
