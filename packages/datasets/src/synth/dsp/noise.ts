import { createDraw } from '../draw';

const UNIT_VARIANCE = Math.sqrt(12);

/** White noise of unit power (uniform samples: what follows filters them towards Gaussian). */
export function whiteNoise(nSamples: number, random: () => number): Float32Array {
  const out = new Float32Array(nSamples);
  for (let i = 0; i < nSamples; i++) out[i] = (random() - 0.5) * UNIT_VARIANCE;
  return out;
}

/**
 * Noise that falls by about 3 dB an octave from 30 Hz on at 16 kHz: the sum of three one-pole low-passes and
 * a little white, each corner a decade above the last. Unscaled.
 */
export function pinkNoise(nSamples: number, random: () => number): Float32Array {
  const out = new Float32Array(nSamples);
  let low = 0;
  let mid = 0;
  let high = 0;
  for (let i = 0; i < nSamples; i++) {
    const white = random() - 0.5;
    low += 0.01 * (white - low);
    mid += 0.1 * (white - mid);
    high += 0.6 * (white - high);
    out[i] = 9 * low + 2.4 * mid + 0.7 * high + 0.1 * white;
  }
  return out;
}

export interface SmoothWalkOptions {
  nSamples: number;
  sampleRate: number;
  /** Of the stationary distribution. */
  standardDeviation: number;
  /** Seconds after which the walk has forgotten most of where it was. */
  timeConstant: number;
  random: () => number;
}

const WALK_STEPS_PER_SECOND = 100;

/** A slow random trajectory around 0 (Ornstein-Uhlenbeck, 100 points a second, joined by lines). */
export function smoothWalk(options: SmoothWalkOptions): Float32Array {
  return joinWalk(options, (value) => value);
}

/** A slowly wandering gain around 1, log-normal: the exponential of smoothWalk's points, joined by lines. */
export function smoothGain(options: SmoothWalkOptions): Float32Array {
  return joinWalk(options, Math.exp);
}

function joinWalk(
  { nSamples, sampleRate, standardDeviation, timeConstant, random }: SmoothWalkOptions,
  map: (value: number) => number,
): Float32Array {
  const { normal } = createDraw(random);
  const step = Math.max(1, Math.round(sampleRate / WALK_STEPS_PER_SECOND));
  const decay = Math.exp(-step / (sampleRate * timeConstant));
  const kick = standardDeviation * Math.sqrt(1 - decay * decay);
  const out = new Float32Array(nSamples);
  let walk = normal(standardDeviation);
  let from = map(walk);
  for (let start = 0; start < nSamples; start += step) {
    walk = walk * decay + normal(kick);
    const to = map(walk);
    const slope = (to - from) / step;
    const end = Math.min(nSamples, start + step);
    for (let i = start; i < end; i++) out[i] = from + slope * (i - start);
    from = to;
  }
  return out;
}
