import { createDraw, type Draw } from './draw';
import { type Biquad, peak } from './dsp/biquad';
import { fromDb, shape } from './dsp/level';
import type { Mode } from './dsp/modes';
import { smoothGain } from './dsp/noise';
import { type Harmonic, integrateSpeed } from './dsp/oscillator';
import type { ClipContext } from './machine-model';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { exp, log, max, sqrt } = Math;

// What several machines are built of.

/** Hz. */
export const MAINS_FREQUENCY = 50;
/** Share of a tone's orders at which its fading has halved them. */
const FADE_SHARE = 0.7;

/** Scales harmonics so that their sum has unit power. */
export function unitPower(harmonics: readonly Harmonic[]): Harmonic[] {
  const total = harmonics.reduce((sum, { amplitude }) => sum + amplitude ** 2 / 2, 0);
  return harmonics.map((harmonic) => ({ ...harmonic, amplitude: harmonic.amplitude / sqrt(total) }));
}

export interface ToneOptions {
  /** Events a turn: blades, vanes, teeth, commutator bars. Its multiples carry the tone. */
  nPerTurn: number;
  /** Orders of the shaft that are heard; the last third of them fades out. */
  nOrders: number;
  /** Amplitude of an order above the first multiple: (order / nPerTurn) to the power of minus this. */
  fall: number;
  /** Level of the orders between the multiples, dB re the multiples: no two blades are alike. */
  irregularity: number;
}

/** The harmonics of a shaft with several like parts on it. Unit power. */
export function shaftHarmonics(
  draw: Draw,
  { nPerTurn, nOrders, fall, irregularity }: ToneOptions,
): Harmonic[] {
  const between = fromDb(irregularity);
  const orders = draw.branch(); // their number depends on the speed, which differs between machines of one design
  const harmonics = Array.from({ length: max(nOrders, nPerTurn) }, (_, i): Harmonic => {
    const order = i + 1;
    const kind = order % nPerTurn === 0 ? 1 : between * orders.uniform(0.2, 1.8);
    const envelope = max(1, order / nPerTurn) ** -fall / (1 + (order / (FADE_SHARE * nOrders)) ** 8);
    return { order, amplitude: kind * envelope * fromDb(orders.normal(2)), phase: orders.uniform(0, 1) };
  });
  return unitPower(harmonics);
}

/** Hum of a motor or transformer: even harmonics of the mains. Unit power. */
export function humHarmonics(draw: Draw): Harmonic[] {
  return unitPower(
    [2, 4, 6, 8].map((order) => ({
      order,
      amplitude: order === 2 ? 1 : draw.uniform(0.05, 0.8) * (2 / order),
      phase: draw.uniform(0, 1),
    })),
  );
}

/** The mains' phase in cycles during a clip; the grid's frequency is off by up to 0.1 %. */
export function mainsPhase(clip: ClipContext): Float64Array {
  const draw = createDraw(clip.stream('mains'));
  const factor = new Float32Array(clip.nSamples).fill(1 + draw.normal(0.0004));
  return integrateSpeed(MAINS_FREQUENCY, factor, { start: draw.uniform(0, 1), sampleRate: clip.sampleRate });
}

/** A bump in a spectrum; bound to a sample rate only when a clip is made. */
export interface Resonance {
  frequency: number;
  q: number;
  /** dB. */
  gain: number;
}

/** Resonances of a duct, housing or frame, spread over a range of frequencies. */
export function drawResonances(
  draw: Draw,
  n: number,
  { from, to, gain }: { from: number; to: number; gain: readonly [number, number] },
): Resonance[] {
  const width = log(to / from) / n;
  return Array.from({ length: n }, (_, i) => ({
    frequency: from * exp(width * (i + draw.uniform(0.1, 0.9))),
    q: draw.uniform(1.5, 6),
    gain: draw.uniform(...gain),
  }));
}

/** The filters of resonances, moved by `shift` (a ratio; temperature, load). */
export function resonanceFilters(
  resonances: readonly Resonance[],
  shift: number,
  sampleRate: number,
): Biquad[] {
  return resonances.map(({ frequency, q, gain }) =>
    peak({ frequency: frequency * shift, q, sampleRate }, gain),
  );
}

/** Modes of a small metal part between two frequencies; higher ones are weaker and die sooner. */
export function drawModes(
  draw: Draw,
  n: number,
  { from, to, decay }: { from: number; to: number; decay: readonly [number, number] },
): Mode[] {
  const width = log(to / from) / n;
  return Array.from({ length: n }, (_, i) => ({
    frequency: from * exp(width * (i + draw.uniform(0.1, 0.9))),
    decay: draw.logUniform(...decay) * (1 - (0.5 * i) / n),
    gain: draw.uniform(0.4, 1) * (1 - (0.5 * i) / n),
  }));
}

/** Multiplies in place by 1 + depth * modulator, never below 0. */
export function modulate(signal: Float32Array, modulator: Float32Array, depth: number): void {
  for (let i = 0; i < signal.length; i++) {
    signal[i] = signal[i]! * max(0, 1 + depth * modulator[i]!);
  }
}

/** Multiplies in place by exp of a slow random walk: turbulence, changing load. */
export function fluctuate(
  clip: ClipContext,
  signal: Float32Array,
  {
    name,
    standardDeviation,
    timeConstant,
  }: { name: string; standardDeviation: number; timeConstant: number },
): void {
  const { nSamples, sampleRate } = clip;
  shape(
    signal,
    smoothGain({ nSamples, sampleRate, standardDeviation, timeConstant, random: clip.stream(name) }),
  );
}
