import { seededRandom } from '@serial-oe/foundation';
import { createDraw } from './draw';
import { filter, highShelf } from './dsp/biquad';
import { fromDb, mixInto, power, scale } from './dsp/level';
import { factoryNoise } from './factory-noise';
import type { ClipContext, Fault, Machine, MachineModel } from './machine-model';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { abs, max, sqrt } = Math;

/** Clips are turned down, never clipped, where their peak would pass this share of full scale. */
const MAX_PEAK = 0.9;
/** Normal clips whose mean power is an ID's reference for the SNR; of this many seconds each. */
const N_REFERENCE_CLIPS = 4;
const REFERENCE_SECONDS = 5;

/** One machine, and the gain that brings its average normal clip to its type's level. */
export interface PlacedMachine {
  render: Machine;
  gain: number;
  /** Root mean square of the average normal clip after the gain. */
  rms: number;
}

/** The streams of everything that belongs to one ID start with these labels. */
export interface MachineKey {
  seed: number;
  machineType: string;
  machineId: string;
}

/** Draws the parameters of an ID and measures how loud it is on average. */
export function placeMachine(model: MachineModel, key: MachineKey, sampleRate: number): PlacedMachine {
  const { seed, machineType, machineId } = key;
  const render = model.create(createDraw(seededRandom(seed, machineType, machineId, 'machine')));
  const nSamples = REFERENCE_SECONDS * sampleRate;
  let mean = 0;
  for (let i = 0; i < N_REFERENCE_CLIPS; i++) {
    const stream = (name: string) => seededRandom(seed, machineType, machineId, 'reference', i, name);
    mean += power(render({ nSamples, sampleRate, fault: null, stream })) / N_REFERENCE_CLIPS;
  }
  const rms = fromDb(model.level);
  return { render, gain: rms / sqrt(mean), rms };
}

export interface RenderClipOptions {
  nSamples: number;
  sampleRate: number;
  fault: Fault | null;
  /** dB. */
  snrDb: number;
  stream: ClipContext['stream'];
}

/** A clip and what it was mixed from: `waveform` is `machine + noise`. */
export interface RenderedClip {
  waveform: Float32Array;
  machine: Float32Array;
  noise: Float32Array;
}

/**
 * Lets a machine sound and mixes it with factory noise as MIMII was mixed: the noise of each clip has the mean
 * power of the ID's normal clips divided by the SNR, so that a fault that makes the machine louder is heard
 * as louder. Microphone response and recording level differ a little from clip to clip.
 */
export function renderClip(placed: PlacedMachine, options: RenderClipOptions): RenderedClip {
  const { nSamples, sampleRate, snrDb, stream } = options;
  const microphone = createDraw(stream('microphone'));
  const tilt = highShelf({ frequency: 2500, q: 0.6, sampleRate }, microphone.normal(0.5));
  const level = fromDb(microphone.normal(0.4));

  const machine = scale(placed.render(options), placed.gain * level);
  const noise = scale(factoryNoise({ nSamples, sampleRate, stream }), placed.rms * fromDb(-snrDb) * level);
  filter(machine, tilt);
  filter(noise, tilt);
  const waveform = Float32Array.from(machine);
  mixInto(waveform, noise);
  const peak = waveform.reduce((highest, value) => max(highest, abs(value)), 0);
  if (peak > MAX_PEAK) for (const part of [waveform, machine, noise]) scale(part, MAX_PEAK / peak);
  return { waveform, machine, noise };
}
