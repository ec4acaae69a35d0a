import { createDraw } from '../synth/draw';
import { bandPass, filter } from '../synth/dsp/biquad';
import { power } from '../synth/dsp/level';
import { type Mode, ring } from '../synth/dsp/modes';
import { whiteNoise } from '../synth/dsp/noise';

/** A recording, and where chance comes from. */
export interface FaultContext {
  waveform: Float32Array;
  /** Hz. */
  sampleRate: number;
  random: () => number;
}

/**
 * What a fault changes, `[nSamples]`, at any scale: the recording with the fault is the recording and a multiple of it. Its random
 * parameters are drawn anew at each call.
 */
export type AddedFault = (context: FaultContext) => Float32Array;

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, exp, floor, min, round, sin } = Math;

/** Rolling elements that strike a spalled race 5 to 120 times a second, each ringing the housing; the moments slip by 2 %. */
export const bearingImpacts: AddedFault = ({ waveform, sampleRate, random }) => {
  const draw = createDraw(random);
  const period = sampleRate / draw.logUniform(5, 120);
  const impulses = new Float32Array(waveform.length);
  for (let at = draw.uniform(0, period); at < impulses.length; at += period * (1 + draw.normal(0.02))) {
    impulses[floor(at)] = draw.uniform(0.7, 1.3);
  }
  const highest = min(7000, 0.42 * sampleRate);
  const modes = Array.from(
    { length: 3 },
    (): Mode => ({
      frequency: draw.logUniform(0.15 * highest, highest),
      decay: draw.logUniform(0.002, 0.015),
      gain: draw.uniform(0.4, 1),
    }),
  );
  return ring(impulses, modes, sampleRate);
};

/** The machine's own sound swells 2 to 30 times a second: an eccentric, a loose foot, a beating pair of poles. */
export const amplitudeModulation: AddedFault = ({ waveform, sampleRate, random }) => {
  const draw = createDraw(random);
  const step = (2 * PI * draw.logUniform(2, 30)) / sampleRate;
  const phase = draw.uniform(0, 2 * PI);
  return waveform.map((sample, i) => sample * sin(step * i + phase));
};

/** A tone that rises by up to a fifth over the recording: a whining gear, a belt that runs hot. */
export const risingTone: AddedFault = ({ waveform, sampleRate, random }) => {
  const draw = createDraw(random);
  const start = draw.logUniform(300, min(5000, 0.3 * sampleRate));
  const rise = draw.uniform(0.02, 0.2) / waveform.length; // of the frequency, a sample
  const phase = draw.uniform(0, 2 * PI);
  return Float32Array.from(waveform, (_, i) =>
    sin(phase + (2 * PI * start * i * (1 + (rise * i) / 2)) / sampleRate),
  );
};

/** Hissing in a broad band: compressed air or steam that leaks. */
export const leakHiss: AddedFault = ({ waveform, sampleRate, random }) => {
  const draw = createDraw(random);
  const frequency = draw.logUniform(1500, min(6500, 0.4 * sampleRate));
  const band = bandPass({ frequency, q: draw.uniform(0.8, 2), sampleRate });
  return filter(whiteNoise(waveform.length, random), band, band);
};

/** Samples whose sound is taken away. */
interface Gap {
  start: number;
  end: number;
}
const GAP_ENDS_SECONDS = 0.005;
/** Of the sound within a gap, what is taken away. */
const GAP_DEPTH = 0.9;

/**
 * A fault that takes sound away can take no more than there is: gaps are added, in the given order, until so much of the
 * recording's power is gone.
 */
export function removeInGaps(
  { waveform, sampleRate }: FaultContext,
  gaps: Iterable<Gap>,
  share: number,
): Float32Array {
  const kept = new Float32Array(waveform.length).fill(1);
  const target = share * power(waveform) * waveform.length;
  let removed = 0;
  for (const { start, end } of gaps) {
    if (removed >= target) break;
    for (let i = Math.max(0, start); i < min(end, waveform.length); i++) {
      const gain = 1 - GAP_DEPTH * edge(i, { start, end }, GAP_ENDS_SECONDS * sampleRate);
      if (gain >= kept[i]!) continue;
      removed += (waveform[i]! * (1 - gain)) ** 2 - (waveform[i]! * (1 - kept[i]!)) ** 2;
      kept[i] = gain;
    }
  }
  return waveform.map((sample, i) => sample * kept[i]!);
}

/** 0 at the ends of a gap, 1 within. */
function edge(i: number, { start, end }: Gap, nEnds: number): number {
  const distance = min(i - start + 1, end - i) / nEnds;
  return distance >= 1 ? 1 : 0.5 - 0.5 * Math.cos(PI * distance);
}

/** Enough to take away all that gaps can. */
const MAX_GAPS = 2000;

/** Short gaps at random moments: a contact that comes loose, a feed that stops. */
export function* dropOuts({ waveform, sampleRate, random }: FaultContext): Generator<Gap> {
  const draw = createDraw(random);
  for (let i = 0; i < MAX_GAPS; i++) {
    const length = round(draw.logUniform(0.02, 0.2) * sampleRate);
    const start = floor(draw.uniform(-length / 2, waveform.length - length / 2));
    yield { start, end: start + length };
  }
}

/** Length of the stretches whose loudness tells strokes, seconds. */
const STROKE_SECONDS = 0.05;

/** Single strokes that do not come: the loudest moments of the recording, in random order. */
export function* missedStrokes({ waveform, sampleRate, random }: FaultContext): Generator<Gap> {
  const draw = createDraw(random);
  const length = round(STROKE_SECONDS * sampleRate);
  const stretches = Array.from({ length: floor(waveform.length / length) }, (_, i) => {
    const start = i * length;
    return { start, end: start + length, loudness: power(waveform.subarray(start, start + length)) };
  }).sort((a, b) => b.loudness - a.loudness);
  const loudest = stretches.slice(0, Math.max(1, floor(stretches.length / 3)));
  while (loudest.length > 0) yield loudest.splice(draw.integer(0, loudest.length - 1), 1)[0]!;
  yield* stretches; // where that was not enough
}

/** The recording as the machine would sound at another speed, faster or slower by the given share, which it drifts to. */
export function driftSpeed({ waveform, random }: FaultContext, share: number): Float32Array {
  const factor = random() < 0.5 ? 1 + share : 1 / (1 + share);
  const ramp = waveform.length * (0.1 + 0.3 * random()); // the beginning brings the drift, the rest keeps it
  const out = new Float32Array(waveform.length);
  let position = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = interpolate(waveform, position);
    position += 1 + (factor - 1) * min(1, i / ramp);
  }
  return out;
}

/** Catmull-Rom spline through four samples; beyond the end the recording runs on backwards. */
function interpolate(waveform: Float32Array, position: number): number {
  const last = waveform.length - 1;
  const mirrored = (i: number) => {
    const folded = ((i % (2 * last)) + 2 * last) % (2 * last);
    return waveform[folded <= last ? folded : 2 * last - folded]!;
  };
  const i = floor(position);
  const t = position - i;
  const [a, b, c, d] = [mirrored(i - 1), mirrored(i), mirrored(i + 1), mirrored(i + 2)];
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** Decibels of a change's power relative to the recording's, as a share. */
export function shareOfPower(severityDb: number): number {
  return exp((severityDb * Math.LN10) / 10);
}
