import { createDraw } from './draw';
import { type ClipContext, severityOf } from './machine-model';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, abs, cos, exp, max, min, round } = Math;

/** Standard deviation of a stroke's length in nepers at severity 1 of `uneven-strokes`. */
const UNEVENNESS = 0.12;

/** How a carriage is driven. Times in seconds. */
export interface StrokeDrive {
  /** Of a stroke to the far end. */
  strokeSeconds: number;
  /** At each end. */
  pauseSeconds: number;
  /** Share of a stroke in which it speeds up, and as much in which it slows down. */
  rampShare: number;
  /** Time of the way back over that of the way out. */
  asymmetry: number;
}

/** The motion of a carriage during a clip, sample by sample. */
export interface Strokes {
  /** Speed over full speed, -1 to 1. */
  velocity: Float32Array;
  /** 0 = the near end, 1 = the far end. */
  position: Float32Array;
  /** Way covered since the start, in strokes, always rising. */
  travel: Float64Array;
  /** Arrivals at an end. */
  ends: { sample: number; strength: number }[];
}

/**
 * Lays strokes one after the other from a random moment of the cycle on, each a little longer or shorter than
 * the last. The fault `missed-stroke` lets some strokes stop half-way and return, or not start at all;
 * `uneven-strokes` makes them and the pauses longer and shorter.
 */
export function planStrokes(clip: ClipContext, drive: StrokeDrive): Strokes {
  const { nSamples, sampleRate } = clip;
  const jitter = createDraw(clip.stream('strokes'));
  const misses = createDraw(clip.stream('misses'));
  const missProbability = min(0.7, 0.14 * severityOf(clip, 'missed-stroke'));
  const tempo = (1 + jitter.normal(0.012)) / clip.operation.speed;
  const uneven = createDraw(clip.stream('uneven'));
  const unevenness = min(0.6, UNEVENNESS * severityOf(clip, 'uneven-strokes'));
  const strokes: Strokes = {
    velocity: new Float32Array(nSamples),
    position: new Float32Array(nSamples),
    travel: new Float64Array(nSamples),
    ends: [],
  };
  let isOutward = jitter.uniform(0, 1) < 0.5;
  const cycle = drive.strokeSeconds + drive.pauseSeconds;
  let start = -round(jitter.uniform(0, cycle) * sampleRate);
  while (start < nSamples) {
    const seconds =
      drive.strokeSeconds *
      (isOutward ? 1 : drive.asymmetry) *
      tempo *
      (1 + jitter.normal(0.015)) *
      exp(uneven.normal(unevenness));
    const length = max(2, round(seconds * sampleRate));
    const pause = round(
      drive.pauseSeconds *
        tempo *
        (1 + jitter.normal(0.05)) *
        exp(uneven.normal(2 * unevenness)) *
        sampleRate,
    );
    const isMissed = misses.uniform(0, 1) < missProbability;
    const reach = isMissed ? misses.pick([0, 0.3, 0.6]) : 1;
    addStroke(strokes, { start, length, pause, reach, isOutward, rampShare: drive.rampShare });
    if (start + length < nSamples && start + length >= 0 && reach === 1) {
      strokes.ends.push({ sample: start + length, strength: isOutward ? 1 : 0.8 });
    }
    start += length + pause;
    isOutward = !isOutward;
  }
  integrate(strokes, drive, sampleRate);
  return strokes;
}

interface Stroke {
  /** Sample; may lie before the clip. */
  start: number;
  length: number;
  /** Samples of rest after it. */
  pause: number;
  /** Share of the way that is covered before it stops. */
  reach: number;
  isOutward: boolean;
  rampShare: number;
}

/** A trapezium with rounded corners in the velocity; the position runs along with it. */
function addStroke(strokes: Strokes, { start, length, pause, reach, isOutward, rampShare }: Stroke): void {
  const { velocity, position } = strokes;
  const from = isOutward ? 0 : 1;
  const direction = isOutward ? 1 : -1;
  const area = 1 - rampShare; // of the trapezium, in strokes of full speed
  let covered = 0;
  const end = min(velocity.length, start + length);
  for (let i = start; i < end; i++) {
    const share = (i - start) / length;
    const ramp = min(1, share / rampShare, (1 - share) / rampShare);
    const speed = share < reach ? 0.5 - 0.5 * cos(PI * ramp) : 0;
    covered += speed / (length * area);
    if (i >= 0) {
      velocity[i] = direction * speed;
      position[i] = from + direction * min(1, covered);
    }
  }
  // It rests at the end that it was meant to reach: the drive catches up silently after a missed stroke.
  position.fill(isOutward ? 1 : 0, max(0, end), max(0, end + pause));
}

function integrate(
  { velocity, travel }: Strokes,
  { strokeSeconds, rampShare }: StrokeDrive,
  sampleRate: number,
) {
  const perSample = 1 / (strokeSeconds * sampleRate * (1 - rampShare));
  let way = 0;
  for (let i = 0; i < travel.length; i++) {
    way += abs(velocity[i]!) * perSample;
    travel[i] = way;
  }
}
