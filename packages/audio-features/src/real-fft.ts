import FFT from 'fft.js';

/**
 * Discrete Fourier transform of N real samples by a complex one of half the size, in float64. Holds the buffers of one
 * transform at a time.
 *
 * With z[n] = x[2n] + i x[2n + 1] and M = N / 2, the even and the odd samples have the spectra
 * E[k] = (Z[k] + Z*[M - k]) / 2 and O[k] = (Z[k] - Z*[M - k]) / 2i, so that
 * X[k] = E[k] + w^k O[k] and X[M - k] = (E[k] - w^k O[k])*, w = exp(-2 pi i / N).
 */
export class RealFft {
  /** Bins 0 to N / 2 of the last `transform`, `[N / 2 + 1]` each. */
  readonly real: Float64Array;
  readonly imag: Float64Array;
  /** |X|^2 of bins 0 to N / 2 of the last `powerSpectrum`. */
  readonly power: Float64Array;

  readonly #fft: FFT;
  /** Input of the inverse transform, interleaved. */
  readonly #turned: number[];
  /** Output of fft.js, which is faster on plain arrays than on typed ones. */
  readonly #z: number[];
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param size N, a power of two of at least 4. */
  constructor(size: number) {
    const half = size / 2;
    this.#fft = new FFT(half);
    this.#z = Array.from({ length: size }, () => 0.5); // never whole numbers, so that V8 stores unboxed doubles
    this.#turned = Array.from({ length: size }, () => 0.5);
    this.real = new Float64Array(half + 1);
    this.imag = new Float64Array(half + 1);
    this.power = new Float64Array(half + 1);
    const { cos, sin } = turnFactors(size);
    this.#cos = cos;
    this.#sin = sin;
  }

  /** @param samples `[N]`. */
  transform(samples: Float64Array): void {
    const z = this.#z;
    this.#fft.transform(z, samples);
    const { real, imag } = this;
    const cos = this.#cos;
    const sin = this.#sin;
    const half = real.length - 1;
    real[0] = z[0]! + z[1]!;
    real[half] = z[0]! - z[1]!;
    for (let k = 1; k <= half / 2; k++) {
      const a = 2 * k;
      const b = 2 * (half - k);
      const evenReal = 0.5 * (z[a]! + z[b]!);
      const evenImag = 0.5 * (z[a + 1]! - z[b + 1]!);
      const oddReal = 0.5 * (z[a + 1]! + z[b + 1]!);
      const oddImag = 0.5 * (z[b]! - z[a]!);
      const turnedReal = cos[k]! * oddReal + sin[k]! * oddImag;
      const turnedImag = cos[k]! * oddImag - sin[k]! * oddReal;
      real[k] = evenReal + turnedReal;
      imag[k] = evenImag + turnedImag;
      real[half - k] = evenReal - turnedReal;
      imag[half - k] = turnedImag - evenImag;
    }
  }

  /** The same without storing the complex values, which takes half of the time after the FFT. */
  powerSpectrum(samples: Float64Array): void {
    const z = this.#z;
    this.#fft.transform(z, samples);
    const power = this.power;
    const cos = this.#cos;
    const sin = this.#sin;
    const half = power.length - 1;
    const first = z[0]! + z[1]!;
    const last = z[0]! - z[1]!;
    power[0] = first * first;
    power[half] = last * last;
    for (let k = 1; k <= half / 2; k++) {
      const a = 2 * k;
      const b = 2 * (half - k);
      const evenReal = 0.5 * (z[a]! + z[b]!);
      const evenImag = 0.5 * (z[a + 1]! - z[b + 1]!);
      const oddReal = 0.5 * (z[a + 1]! + z[b + 1]!);
      const oddImag = 0.5 * (z[b]! - z[a]!);
      const turnedReal = cos[k]! * oddReal + sin[k]! * oddImag;
      const turnedImag = cos[k]! * oddImag - sin[k]! * oddReal;
      const lowReal = evenReal + turnedReal;
      const lowImag = evenImag + turnedImag;
      const highReal = evenReal - turnedReal;
      const highImag = turnedImag - evenImag;
      power[k] = lowReal * lowReal + lowImag * lowImag;
      power[half - k] = highReal * highReal + highImag * highImag;
    }
  }

  /**
   * The inverse of `transform`, with its factor of 1 / N: Z[k] = E[k] + i O[k] from the same formulas read backwards, and the complex
   * inverse of half the size gives z.
   * @param out `[N]`; from `real` and `imag` as they stand.
   */
  inverse(out: Float64Array): void {
    const { real, imag } = this;
    const turned = this.#turned;
    const cos = this.#cos;
    const sin = this.#sin;
    const half = real.length - 1;
    turned[0] = 0.5 * (real[0]! + real[half]!);
    turned[1] = 0.5 * (real[0]! - real[half]!);
    for (let k = 1; k <= half / 2; k++) {
      const l = half - k;
      const evenReal = 0.5 * (real[k]! + real[l]!);
      const evenImag = 0.5 * (imag[k]! - imag[l]!);
      const turnedReal = 0.5 * (real[k]! - real[l]!);
      const turnedImag = 0.5 * (imag[k]! + imag[l]!);
      const oddReal = turnedReal * cos[k]! - turnedImag * sin[k]!;
      const oddImag = turnedReal * sin[k]! + turnedImag * cos[k]!;
      turned[2 * l] = evenReal + oddImag;
      turned[2 * l + 1] = oddReal - evenImag;
      turned[2 * k] = evenReal - oddImag;
      turned[2 * k + 1] = evenImag + oddReal;
    }
    const z = this.#z;
    this.#fft.inverseTransform(z, turned);
    for (let i = 0; i < out.length; i++) out[i] = z[i]!;
  }
}

/** w^k = cos - i sin for k from 0 to size / 4. */
export function turnFactors(size: number): { cos: Float64Array; sin: Float64Array } {
  const length = size / 4 + 1;
  return {
    cos: Float64Array.from({ length }, (_, k) => Math.cos((2 * Math.PI * k) / size)),
    sin: Float64Array.from({ length }, (_, k) => Math.sin((2 * Math.PI * k) / size)),
  };
}
