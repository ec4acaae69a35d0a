import { createDraw } from './draw';
import { smoothWalk } from './dsp/noise';
import { integrateSpeed } from './dsp/oscillator';
import { type ClipContext, severityOf } from './machine-model';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, sin } = Math;

export interface RotationOptions {
  /** Nominal revolutions a second. */
  hz: number;
  /** Relative standard deviation of the speed from clip to clip. Default 0.004: load, temperature, mains. */
  tolerance?: number;
  /** Relative standard deviation of the speed within a clip. Default 0.0012. */
  wander?: number;
  /** Relative change of the speed that a fault makes: constant, or one value a sample. */
  change?: number | Float32Array;
}

/** A shaft during one clip. */
export interface Rotation {
  /** Cycles, `[nSamples]`. */
  phase: Float64Array;
  /** Speed over nominal speed, `[nSamples]`. */
  factor: Float32Array;
}

/** Turns a shaft: its speed is that of the operating point, differs a little between clips and wanders within one. */
export function rotate(
  clip: ClipContext,
  { hz, tolerance = 0.004, wander = 0.0012, change = 0 }: RotationOptions,
): Rotation {
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('rotation');
  const draw = createDraw(random);
  const { speed, drift } = clip.operation;
  const offset = speed * (1 + draw.normal(tolerance));
  const start = draw.uniform(0, 1);
  const factor = smoothWalk({ nSamples, sampleRate, standardDeviation: wander, timeConstant: 1.5, random });
  for (let i = 0; i < nSamples; i++) {
    const extra = typeof change === 'number' ? change : change[i]!;
    factor[i] = offset * (1 + factor[i]! + drift * (i / nSamples - 0.5)) * (1 + extra);
  }
  return { phase: integrateSpeed(hz, factor, { start, sampleRate }), factor };
}

export interface HuntingOptions {
  kind: string;
  /** Range of its frequency, Hz. */
  hz: readonly [number, number];
  /** Relative swing of the speed at severity 1. */
  depth: number;
}

/**
 * A drive that hunts: a loose contact, a governor that overshoots. Its speed swings to and fro around the same mean, so that
 * the mean spectrum hardly changes.
 *
 * @returns relative change of the speed, `[nSamples]`; null without that fault
 */
export function hunting(clip: ClipContext, { kind, hz, depth }: HuntingOptions): Float32Array | null {
  const severity = severityOf(clip, kind);
  if (severity === 0) return null;
  const draw = createDraw(clip.stream('hunting'));
  const perSample = draw.uniform(...hz) / clip.sampleRate;
  const start = draw.uniform(0, 1);
  const out = new Float32Array(clip.nSamples);
  for (let i = 0; i < out.length; i++) out[i] = depth * severity * sin(2 * PI * (start + i * perSample));
  return out;
}
