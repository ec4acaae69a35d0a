import { createDraw } from './draw';
import { smoothWalk } from './dsp/noise';
import { integrateSpeed } from './dsp/oscillator';
import type { ClipContext } from './machine-model';

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

/** Turns a shaft: its speed differs a little between clips and wanders within one. */
export function rotate(
  clip: ClipContext,
  { hz, tolerance = 0.004, wander = 0.0012, change = 0 }: RotationOptions,
): Rotation {
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('rotation');
  const draw = createDraw(random);
  const offset = 1 + draw.normal(tolerance);
  const start = draw.uniform(0, 1);
  const factor = smoothWalk({ nSamples, sampleRate, standardDeviation: wander, timeConstant: 1.5, random });
  for (let i = 0; i < nSamples; i++) {
    const extra = typeof change === 'number' ? change : change[i]!;
    factor[i] = offset * (1 + factor[i]!) * (1 + extra);
  }
  return { phase: integrateSpeed(hz, factor, { start, sampleRate }), factor };
}
