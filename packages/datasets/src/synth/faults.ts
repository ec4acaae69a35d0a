import { createDraw } from './draw';
import { bandPass, filter, highPass } from './dsp/biquad';
import { scaleToRms, shape } from './dsp/level';
import { type Mode, ring } from './dsp/modes';
import { smoothGain, whiteNoise } from './dsp/noise';
import type { ClipContext } from './machine-model';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, ceil, cos, floor, round, sin } = Math;

// Sounds of damage that several machines share. Each is a component to be mixed in at a level of its own.

export interface TicksOptions {
  /** Of the shaft, in cycles. */
  phase: Float64Array;
  /** Ticks a turn; for a rolling bearing the defect frequency over the shaft's. */
  order: number;
  /** What the ticks make ring. */
  modes: readonly Mode[];
  /** Relative scatter of the moments (rolling elements slip). Default 0.02. */
  slip?: number;
  /** How much the load zone modulates the ticks once a turn, 0 to 1. Default 0.5. */
  loadZone?: number;
  rms: number;
}

/** Ticks locked to a shaft: a spalled bearing race, a broken tooth, a seam. */
export function ticks(
  clip: ClipContext,
  { phase, order, modes, slip = 0.02, loadZone = 0.5, rms }: TicksOptions,
): Float32Array {
  const draw = createDraw(clip.stream('ticks'));
  const impulses = new Float32Array(clip.nSamples);
  const offset = draw.uniform(0, 1);
  let next = ceil(phase[0]! * order + offset);
  for (let i = 0; i < impulses.length; i++) {
    const turns = phase[i]!;
    if (turns * order + offset < next) continue;
    const load = 1 - loadZone * (0.5 + 0.5 * cos(2 * PI * turns));
    impulses[i] = load * draw.uniform(0.7, 1.3);
    next += 1 + draw.normal(slip);
  }
  return scaleToRms(ring(impulses, modes, clip.sampleRate), rms);
}

export interface RubbingOptions {
  /** Of the rubbing part, in cycles. */
  phase: Float64Array;
  /** Share of each turn in which it touches, 0 to 1. */
  contact: number;
  /** Centre of the scraping noise, Hz. */
  frequency: number;
  rms: number;
}

/** Scraping noise once a turn, stronger on some turns than on others. */
export function rubbing(clip: ClipContext, { phase, contact, frequency, rms }: RubbingOptions): Float32Array {
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('rubbing');
  const out = filter(whiteNoise(nSamples, random), bandPass({ frequency, q: 0.9, sampleRate }));
  const strength = smoothGain({ nSamples, sampleRate, standardDeviation: 0.5, timeConstant: 0.4, random });
  for (let i = 0; i < nSamples; i++) {
    const turn = phase[i]!;
    const within = (turn - floor(turn)) / contact;
    const touch = within < 1 ? sin(PI * within) ** 2 : 0;
    out[i] = out[i]! * touch * strength[i]!;
  }
  return scaleToRms(out, rms);
}

export interface LeakOptions {
  /** Centre of the hiss, Hz. */
  frequency: number;
  /** Standard deviation of its level in nepers. Default 0.15: a steady jet. */
  unsteadiness?: number;
  rms: number;
}

/** The hiss of a jet through a small opening. */
export function leak(clip: ClipContext, { frequency, unsteadiness = 0.15, rms }: LeakOptions): Float32Array {
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('leak');
  const out = filter(
    whiteNoise(nSamples, random),
    bandPass({ frequency, q: 0.7, sampleRate }),
    highPass({ frequency: frequency / 3, q: 0.7, sampleRate }),
  );
  const walk = { nSamples, sampleRate, standardDeviation: unsteadiness, timeConstant: 0.3, random };
  shape(out, smoothGain(walk));
  return scaleToRms(out, rms);
}

export interface RattleOptions {
  /** Of what shakes the part, in cycles. */
  phase: Float64Array;
  modes: readonly Mode[];
  /** Probability that a turn makes the part hit its seat. */
  probability: number;
  rms: number;
}

/** A loose screw or plate: irregular clusters of blows, some turns none, some two. */
export function rattle(clip: ClipContext, { phase, modes, probability, rms }: RattleOptions): Float32Array {
  const draw = createDraw(clip.stream('rattle'));
  const impulses = new Float32Array(clip.nSamples);
  let turn = floor(phase[0]!);
  let isLoose = 0; // how far the part has worked itself loose: makes clusters
  for (let i = 0; i < impulses.length; i++) {
    if (phase[i]! < turn + 1) continue;
    turn++;
    isLoose = 0.9 * isLoose + 0.1 * draw.uniform(0, 2);
    if (draw.uniform(0, 1) > probability * isLoose) continue;
    const bounce = i + round(draw.uniform(0.002, 0.009) * clip.sampleRate);
    impulses[i] = draw.uniform(0.4, 1);
    if (bounce < impulses.length) impulses[bounce] = draw.uniform(0.1, 0.5);
  }
  return scaleToRms(ring(impulses, modes, clip.sampleRate), rms);
}
