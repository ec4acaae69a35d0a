// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, cos, floor, sin } = Math;

const TABLE_SIZE = 2048; // a power of two: positions wrap by a mask
const TABLE_MASK = TABLE_SIZE - 1;
const QUARTER = TABLE_SIZE / 4;

/** One period of a waveform, with its first value repeated at the end. */
export type WaveTable = Float32Array;

/** One partial of a periodic sound. */
export interface Harmonic {
  /** Multiple of the fundamental. */
  order: number;
  amplitude: number;
  /** Cycles. */
  phase: number;
}

/** Adds up harmonics into one period. Orders must stay well below 1,024. */
export function waveTable(harmonics: readonly Harmonic[]): WaveTable {
  const sine = Float64Array.from({ length: TABLE_SIZE }, (_, i) => sin((2 * PI * i) / TABLE_SIZE));
  const table = new Float32Array(TABLE_SIZE + 1);
  for (const { order, amplitude, phase } of harmonics) {
    // a sin(x + p) = a cos(p) sin(x) + a sin(p) cos(x), and cos(x) is sin a quarter of the table further on.
    const inPhase = amplitude * cos(2 * PI * phase);
    const quadrature = amplitude * sin(2 * PI * phase);
    for (let i = 0, at = 0; i < TABLE_SIZE; i++, at = (at + order) & TABLE_MASK) {
      const value = inPhase * sine[at]! + quadrature * sine[(at + QUARTER) & TABLE_MASK]!;
      table[i] = table[i]! + value;
    }
  }
  table[TABLE_SIZE] = table[0]!;
  return table;
}

/** One period of any shape, given as a function of the cycles from 0 to 1. */
export function tabulate(shape: (cycles: number) => number): WaveTable {
  return Float32Array.from({ length: TABLE_SIZE + 1 }, (_, i) => shape(i / TABLE_SIZE));
}

/** The waveform of a table along a phase in cycles, linearly interpolated. */
export function playTable(table: WaveTable, phase: Float64Array): Float32Array {
  const out = new Float32Array(phase.length);
  for (let i = 0; i < phase.length; i++) {
    const cycles = phase[i]!;
    const position = (cycles - floor(cycles)) * TABLE_SIZE;
    const index = floor(position);
    const from = table[index]!;
    out[i] = from + (table[index + 1]! - from) * (position - index);
  }
  return out;
}

/**
 * Integrates a speed into a phase.
 *
 * @param hz nominal revolutions a second
 * @param factor multiplies it at each sample
 * @param start cycles at the first sample
 * @returns cycles, `[nSamples]`
 */
export function integrateSpeed(
  hz: number,
  factor: Float32Array,
  { start, sampleRate }: { start: number; sampleRate: number },
): Float64Array {
  const phase = new Float64Array(factor.length);
  let cycles = start;
  for (let i = 0; i < phase.length; i++) {
    phase[i] = cycles;
    cycles += (hz * factor[i]!) / sampleRate;
  }
  return phase;
}

/** A phase of another shaft that the first one drives: `ratio` turns for each turn, from `start` cycles on. */
export function gearedPhase(phase: Float64Array, ratio: number, start = 0): Float64Array {
  return phase.map((cycles) => cycles * ratio + start);
}
