import type { Draw } from './draw';
import { type Biquad, highShelf, peak } from './dsp/biquad';
import type { OperatingPoint } from './machine-model';

// What differs from clip to clip though the machine is the same: how it is run, and where the microphone stands.

/** Settings at which machines are run, at a `clipSpread` of 1: relative speed and load in dB. */
const SETTINGS = [
  { speed: -0.03, load: -1.5 },
  { speed: 0, load: 0 },
  { speed: 0.02, load: 1 },
] as const;

/** Draws how a machine is run during one clip. */
export function drawOperation(draw: Draw, clipSpread: number): OperatingPoint {
  const setting = draw.pick<Pick<OperatingPoint, 'speed' | 'load'>>(SETTINGS);
  return {
    speed: Math.exp(clipSpread * (setting.speed + draw.normal(0.006))),
    load: clipSpread * (setting.load + draw.normal(0.7)),
    shift: clipSpread * draw.normal(0.015),
    drift: clipSpread * draw.normal(0.004),
  };
}

/** Hz; a bump or dip of about an octave and a half around each. */
const COLOUR_CENTRES = [150, 330, 730, 1600, 3500, 6500];
const COLOUR_Q = 0.9;
/** Standard deviation of each bump at a `clipSpread` of 1, dB. */
const COLOUR = 1.45;
/** Likewise of a machine's mounting from an `idSpread` of 1 on. */
const MOUNTING = 3;

/** Bumps and dips all over the spectrum: the way from a machine to a microphone. */
function drawColour(draw: Draw, sampleRate: number, deviation: number): Biquad[] {
  return COLOUR_CENTRES.map((centre) => {
    const frequency = centre * draw.logUniform(0.8, 1.25);
    return peak({ frequency, q: COLOUR_Q, sampleRate }, draw.normal(deviation));
  });
}

/** How the floor under a machine and the walls around it colour it, the same in each of its clips. */
export function drawMounting(
  draw: Draw,
  { sampleRate, idSpread }: { sampleRate: number; idSpread: number },
): Biquad[] {
  return drawColour(draw, sampleRate, MOUNTING * Math.min(1, idSpread));
}

/** What one place of the microphone does to a clip. */
export interface Microphone {
  sections: Biquad[];
  /** dB. */
  level: number;
  /** A wall or floor nearby that throws the sound back. */
  reflection: { samples: number; gain: number };
  /** How much louder the machine becomes from the beginning of the clip to its end, dB. */
  swell: number;
  /** How restless the machine is: load that comes and goes. Standard deviation in nepers, and seconds. */
  restlessness: { standardDeviation: number; timeConstant: number };
  /** How much louder the hall is than on average, dB. */
  hall: number;
}

/** Draws where the microphone stands, and how loud the hall is meanwhile. */
export function drawMicrophone(
  draw: Draw,
  { sampleRate, clipSpread }: { sampleRate: number; clipSpread: number },
): Microphone {
  const tilt = draw.normal(0.5) + clipSpread * draw.normal(0.9);
  const level = draw.normal(0.4) + clipSpread * draw.normal(1.2);
  return {
    sections: [
      highShelf({ frequency: 2500, q: 0.6, sampleRate }, tilt),
      ...drawColour(draw, sampleRate, clipSpread * COLOUR),
    ],
    level,
    reflection: {
      samples: Math.round(draw.logUniform(0.0008, 0.006) * sampleRate),
      gain: Math.min(0.9, clipSpread * draw.uniform(0, 0.5)),
    },
    swell: clipSpread * draw.normal(1),
    restlessness: {
      standardDeviation: clipSpread * draw.uniform(0.02, 0.2),
      timeConstant: draw.logUniform(0.03, 1),
    },
    hall: clipSpread * draw.normal(1),
  };
}

/** Puts a microphone's place on a part of a clip, in place. */
export function reflect(signal: Float32Array, { samples, gain }: Microphone['reflection']): Float32Array {
  if (gain === 0) return signal;
  for (let i = signal.length - 1; i >= samples; i--) signal[i] = signal[i]! + gain * signal[i - samples]!;
  return signal;
}
