/** One way in which a struck part rings: a decaying sine. */
export interface Mode {
  /** Hz. */
  frequency: number;
  /** Seconds in which the amplitude falls to 1/e. */
  decay: number;
  /** Amplitude after a unit impulse. */
  gain: number;
}

const MAX_FREQUENCY_SHARE = 0.45;
/** A resonator below this share of full scale (-100 dB) counts as silent until its next blow. */
const SILENCE = 1e-5;

/**
 * Lets parts ring: each impulse of `impulses` (its value is the strength of the blow) starts every mode as
 * `gain * exp(-t / decay) * sin(2 pi frequency t)`. A two-pole resonator a mode.
 *
 * @returns a new signal of the same length
 */
export function ring(impulses: Float32Array, modes: readonly Mode[], sampleRate: number): Float32Array {
  const blows = nonZero(impulses);
  const out = new Float32Array(impulses.length);
  for (const mode of modes) addMode(out, { impulses, blows }, { ...mode, sampleRate });
  return out;
}

/** Steps the resonator from each blow until it is silent or the next blow comes. */
function addMode(
  out: Float32Array,
  { impulses, blows }: { impulses: Float32Array; blows: readonly number[] },
  { frequency, decay, gain, sampleRate }: Mode & { sampleRate: number },
): void {
  const omega = (2 * Math.PI * Math.min(frequency, MAX_FREQUENCY_SHARE * sampleRate)) / sampleRate;
  const radius = Math.exp(-1 / (decay * sampleRate));
  const a1 = 2 * radius * Math.cos(omega);
  const a2 = -radius * radius;
  const drive = gain * radius * Math.sin(omega);
  let y1 = 0;
  let y2 = 0;
  for (let blow = 0; blow < blows.length; blow++) {
    const at = blows[blow]!;
    const end = blow + 1 < blows.length ? blows[blow + 1]! : out.length - 1;
    let kick = drive * impulses[at]!; // heard one sample after the blow: sin 0 = 0
    for (let i = at + 1; i <= end; i++) {
      const y = a1 * y1 + a2 * y2 + kick;
      kick = 0;
      y2 = y1;
      y1 = y;
      out[i] = out[i]! + y;
      if (y < SILENCE && y > -SILENCE && y2 < SILENCE && y2 > -SILENCE) {
        y1 = 0;
        y2 = 0;
        break;
      }
    }
  }
}

function nonZero(impulses: Float32Array): number[] {
  const indices: number[] = [];
  for (let i = 0; i < impulses.length; i++) if (impulses[i] !== 0) indices.push(i);
  return indices;
}

/** A part's modes with frequencies multiplied by `ratio` and decays by `damping` (< 1 is duller). */
export function detune(modes: readonly Mode[], ratio: number, damping = 1): Mode[] {
  return modes.map(({ frequency, decay, gain }) => ({
    frequency: frequency * ratio,
    decay: decay * damping,
    gain,
  }));
}
