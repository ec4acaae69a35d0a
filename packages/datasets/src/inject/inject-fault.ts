import {
  checkNumber,
  checkOneOf,
  checkOptions,
  checkRandom,
  FINITE,
  numberAbove,
  type OptionNames,
} from '@serial-oe/foundation';
import { power } from '../synth/dsp/level';
import {
  type AddedFault,
  amplitudeModulation,
  bearingImpacts,
  driftSpeed,
  dropOuts,
  type FaultContext,
  leakHiss,
  missedStrokes,
  removeInGaps,
  risingTone,
  shareOfPower,
} from './fault-kinds';

/** Faults that can be put into a recording of a healthy machine. */
export const FAULT_KINDS = [
  'bearingImpacts',
  'amplitudeModulation',
  'risingTone',
  'leakHiss',
  'missedStrokes',
  'dropOuts',
  'speedDrift',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface InjectFaultOptions {
  /** Hz. */
  sampleRate: number;
  kind: FaultKind;
  /**
   * How severe, dB. Power of the change (recording with the fault less recording) relative to that of the recording: -20 dB is 1 %
   * of it. Gaps ('missedStrokes', 'dropOuts') take away 0.9 of the amplitude within them, and so -1 dB of the power at most. For
   * 'speedDrift' the share by which the speed changes, 20 log10: -40 dB is 1 %, -20 dB is 10 %.
   */
  severityDb: number;
  /** Uniform in [0, 1); decides the fault's frequencies, moments and so on. */
  random: () => number;
}

const OPTIONS: OptionNames<InjectFaultOptions> = {
  sampleRate: true,
  kind: true,
  severityDb: true,
  random: true,
};

const ADDED: Partial<Record<FaultKind, AddedFault>> = {
  bearingImpacts,
  amplitudeModulation,
  risingTone,
  leakHiss,
};

/**
 * A copy of a recording with a fault in it, made up: for asking how small a fault would be found on one's own machine, without
 * having had one. It is no recording of a fault, and a system that finds it need not find the real one.
 *
 * @param waveform mono samples of a healthy machine, full scale = 1, at least half a second
 * @returns `[nSamples]`; may exceed full scale
 * @throws RangeError for a waveform that is too short, silent or not finite, or an option out of range; TypeError for an unknown one
 * @example
 * const faulty = injectFault(normal, { sampleRate: 16000, kind: 'bearingImpacts', severityDb: -15, random: seededRandom(1) });
 */
export function injectFault(waveform: Float32Array, options: InjectFaultOptions): Float32Array {
  const where = 'datasets.injectFault';
  checkOptions(where, options, OPTIONS);
  const { sampleRate, kind, severityDb } = options;
  checkNumber(`${where}: sampleRate`, sampleRate, numberAbove(1000));
  checkOneOf(`${where}: kind`, kind, FAULT_KINDS);
  checkNumber(`${where}: severityDb`, severityDb, FINITE);
  const random = checkRandom(`${where}: random`, options.random);
  checkWaveform(where, waveform, sampleRate);
  const context: FaultContext = { waveform, sampleRate, random };
  if (kind === 'missedStrokes')
    return removeInGaps(context, missedStrokes(context), shareOfPower(severityDb));
  if (kind === 'dropOuts') return removeInGaps(context, dropOuts(context), shareOfPower(severityDb));
  if (kind === 'speedDrift') return driftSpeed(context, 10 ** (severityDb / 20));
  const change = ADDED[kind]!(context);
  const gain = Math.sqrt((shareOfPower(severityDb) * power(waveform)) / power(change));
  return waveform.map((sample, i) => sample + gain * change[i]!);
}

const MIN_SECONDS = 0.5;

function checkWaveform(where: string, waveform: Float32Array, sampleRate: number): void {
  const wrong = waveform.find((sample) => !Number.isFinite(sample));
  if (wrong !== undefined) throw new RangeError(`${where}: waveform must be finite, got ${wrong}.`);
  const seconds = waveform.length / sampleRate;
  if (seconds < MIN_SECONDS) {
    throw new RangeError(`${where}: waveform must be at least ${MIN_SECONDS} s long, got ${seconds} s.`);
  }
  if (power(waveform) === 0) throw new RangeError(`${where}: waveform must hold sound, got silence.`);
}
