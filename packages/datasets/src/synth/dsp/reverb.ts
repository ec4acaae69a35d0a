/** Seconds; mutually prime enough at common rates for a dense, uncoloured tail. */
const DELAYS = [0.0311, 0.0379, 0.0443, 0.0532] as const;
const DAMPING = 0.45;

export interface ReverbOptions {
  sampleRate: number;
  /** Seconds in which the tail falls by 60 dB. A factory hall: 0.8 to 2. */
  reverberationTime: number;
}

/**
 * The reverberant part of a sound in a large hall: a feedback delay network of four lines mixed by a
 * Householder matrix (J.-M. Jot, "Digital delay networks", 1991), each line losing high tones first.
 *
 * @returns the tail alone, without the direct sound, same length
 */
export function reverberate(
  signal: Float32Array,
  { sampleRate, reverberationTime }: ReverbOptions,
): Float32Array {
  const lines = DELAYS.map((delay) => new Float32Array(Math.round(delay * sampleRate)));
  const [l0, l1, l2, l3] = lines as [Float32Array, Float32Array, Float32Array, Float32Array];
  const [g0, g1, g2, g3] = DELAYS.map((delay) => 10 ** ((-3 * delay) / reverberationTime)) as [
    number,
    number,
    number,
    number,
  ];
  let [p0, p1, p2, p3] = [0, 0, 0, 0]; // positions
  let [d0, d1, d2, d3] = [0, 0, 0, 0]; // damped outputs
  const out = new Float32Array(signal.length);
  for (let i = 0; i < signal.length; i++) {
    d0 += (1 - DAMPING) * (l0[p0]! - d0);
    d1 += (1 - DAMPING) * (l1[p1]! - d1);
    d2 += (1 - DAMPING) * (l2[p2]! - d2);
    d3 += (1 - DAMPING) * (l3[p3]! - d3);
    const v0 = g0 * d0;
    const v1 = g1 * d1;
    const v2 = g2 * d2;
    const v3 = g3 * d3;
    const half = 0.5 * (v0 + v1 + v2 + v3);
    const x = signal[i]!;
    l0[p0] = x + v0 - half;
    l1[p1] = x + v1 - half;
    l2[p2] = x + v2 - half;
    l3[p3] = x + v3 - half;
    out[i] = 0.5 * (v0 + v1 - v2 + v3);
    p0 = p0 + 1 === l0.length ? 0 : p0 + 1;
    p1 = p1 + 1 === l1.length ? 0 : p1 + 1;
    p2 = p2 + 1 === l2.length ? 0 : p2 + 1;
    p3 = p3 + 1 === l3.length ? 0 : p3 + 1;
  }
  return out;
}
