import { seededRandom } from '@serial-oe/foundation';
import { drawMicrophone, drawMounting, drawOperation, type Microphone, reflect } from './conditions';
import { createDraw, createSeriesDraw } from './draw';
import { filter } from './dsp/biquad';
import { fromDb, mixInto, power, scale, shape } from './dsp/level';
import { smoothGain } from './dsp/noise';
import { factoryNoise } from './factory-noise';
import type { ClipContext, Fault, Machine, MachineModel } from './machine-model';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { abs, max, sqrt } = Math;

/** Clips are turned down, never clipped, where their peak would pass this share of full scale. */
const MAX_PEAK = 0.9;
/** Root mean square of the average normal clip of every ID, dB re full scale: types are not told by how loud they are. */
export const MACHINE_LEVEL = -36;
/** Normal clips whose mean power is an ID's reference for the SNR; of this many seconds each. */
const N_REFERENCE_CLIPS = 4;
const REFERENCE_SECONDS = 5;

/** One machine, and the gain that brings its average normal clip to MACHINE_LEVEL. */
export interface PlacedMachine {
  render: Machine;
  gain: number;
  /** Root mean square of the average normal clip after the gain. */
  rms: number;
}

/** The streams of everything that belongs to one ID start with the first three as labels. */
export interface MachineKey {
  seed: number;
  machineType: string;
  machineId: string;
  idSpread: number;
  clipSpread: number;
}

/** Draws the parameters of an ID and measures how loud it is on average. */
export function placeMachine(model: MachineModel, key: MachineKey, sampleRate: number): PlacedMachine {
  const { seed, machineType, machineId, idSpread, clipSpread } = key;
  const design = createDraw(seededRandom(seed, machineType, 'design'));
  const own = createDraw(seededRandom(seed, machineType, machineId, 'machine'));
  const machine = model.create(createSeriesDraw(design, own, idSpread));
  const mounting = drawMounting(createDraw(seededRandom(seed, machineType, machineId, 'mounting')), {
    sampleRate,
    idSpread,
  });
  const render: Machine = (clip) => filter(machine(clip), ...mounting);
  const nSamples = REFERENCE_SECONDS * sampleRate;
  let mean = 0;
  for (let i = 0; i < N_REFERENCE_CLIPS; i++) {
    const stream = (name: string) => seededRandom(seed, machineType, machineId, 'reference', i, name);
    const operation = drawOperation(createDraw(stream('operation')), clipSpread);
    mean += power(render({ nSamples, sampleRate, fault: null, operation, stream })) / N_REFERENCE_CLIPS;
  }
  const rms = fromDb(MACHINE_LEVEL);
  return { render, gain: rms / sqrt(mean), rms };
}

export interface RenderClipOptions {
  nSamples: number;
  sampleRate: number;
  fault: Fault | null;
  /** dB. */
  snrDb: number;
  clipSpread: number;
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
 * as louder. How the machine is run and where the microphone stands differ from clip to clip by `clipSpread`.
 */
export function renderClip(placed: PlacedMachine, options: RenderClipOptions): RenderedClip {
  const { nSamples, sampleRate, snrDb, clipSpread, stream } = options;
  const operation = drawOperation(createDraw(stream('operation')), clipSpread);
  const microphone = drawMicrophone(createDraw(stream('microphone')), { sampleRate, clipSpread });

  const machine = scale(placed.render({ ...options, operation }), placed.gain);
  swell(machine, microphone.swell);
  shape(
    machine,
    smoothGain({ nSamples, sampleRate, ...microphone.restlessness, random: stream('restlessness') }),
  );
  const noise = scale(
    factoryNoise({ nSamples, sampleRate, stream }),
    placed.rms * fromDb(microphone.hall - snrDb),
  );
  for (const part of [machine, noise]) record(part, microphone);
  const waveform = Float32Array.from(machine);
  mixInto(waveform, noise);
  const peak = waveform.reduce((highest, value) => max(highest, abs(value)), 0);
  if (peak > MAX_PEAK) for (const part of [waveform, machine, noise]) scale(part, MAX_PEAK / peak);
  return { waveform, machine, noise };
}

/** A level that rises by so many dB over the clip, half of it below and half above. */
function swell(signal: Float32Array, rise: number): void {
  const step = fromDb(rise / signal.length);
  let gain = fromDb(-rise / 2);
  for (let i = 0; i < signal.length; i++, gain *= step) signal[i] = signal[i]! * gain;
}

function record(signal: Float32Array, { sections, reflection, level }: Microphone): void {
  scale(reflect(filter(signal, ...sections), reflection), fromDb(level));
}
