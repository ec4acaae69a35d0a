/** Second-order section, a0 = 1. */
export interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Frequency and quality of a filter, at a sample rate, all in Hz. */
export interface Band {
  frequency: number;
  q: number;
  sampleRate: number;
}

/** Frequencies above this share of the sample rate are moved down to it, so that any rate gives a stable filter. */
const MAX_FREQUENCY_SHARE = 0.45;

// Formulas: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".

/** Unit gain at the centre. */
export function bandPass(band: Band): Biquad {
  const { cos, alpha } = angles(band);
  return normalize([alpha, 0, -alpha], [1 + alpha, -2 * cos, 1 - alpha]);
}

/** Unit gain at 0 Hz. */
export function lowPass(band: Band): Biquad {
  const { cos, alpha } = angles(band);
  return normalize([(1 - cos) / 2, 1 - cos, (1 - cos) / 2], [1 + alpha, -2 * cos, 1 - alpha]);
}

/** Unit gain at the Nyquist frequency. */
export function highPass(band: Band): Biquad {
  const { cos, alpha } = angles(band);
  return normalize([(1 + cos) / 2, -(1 + cos), (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha]);
}

/** `gainDb` at the centre, unit gain far from it. */
export function peak(band: Band, gainDb: number): Biquad {
  const { cos, alpha } = angles(band);
  const a = 10 ** (gainDb / 40);
  return normalize([1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a]);
}

/** Unit gain at 0 Hz, `gainDb` at the Nyquist frequency. */
export function highShelf(band: Band, gainDb: number): Biquad {
  const { cos, alpha } = angles(band);
  const a = 10 ** (gainDb / 40);
  const root = 2 * Math.sqrt(a) * alpha;
  const [plus, minus] = [a + 1, a - 1];
  return normalize(
    [a * (plus + minus * cos + root), -2 * a * (minus + plus * cos), a * (plus + minus * cos - root)],
    [plus - minus * cos + root, 2 * (minus - plus * cos), plus - minus * cos - root],
  );
}

/** Filters in place (transposed direct form II), one section after the other; returns the signal. */
export function filter(signal: Float32Array, ...sections: readonly Biquad[]): Float32Array {
  for (const { b0, b1, b2, a1, a2 } of sections) {
    let s1 = 0;
    let s2 = 0;
    for (let i = 0; i < signal.length; i++) {
      const x = signal[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      signal[i] = y;
    }
  }
  return signal;
}

function angles({ frequency, q, sampleRate }: Band): { cos: number; alpha: number } {
  const omega = (2 * Math.PI * Math.min(frequency, MAX_FREQUENCY_SHARE * sampleRate)) / sampleRate;
  return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
}

type Coefficients = [number, number, number];

function normalize([b0, b1, b2]: Coefficients, [a0, a1, a2]: Coefficients): Biquad {
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0 };
}
