import { checkNumber, wholeNumber } from '@serial-oe/foundation';
import { type ChannelFacts, deadRangeOf, measureChannel } from './measure-channel';
import { toMono } from './to-mono';

/** What a person would hear is wrong with a recording, or see at once. */
export type SignalFault =
  /** All samples of each channel are the same: silence, or a recording that is stuck. */
  | 'constant'
  /** Nothing but the last few steps of the converter. */
  | 'ditherOnly'
  /** The channels cancel where they are averaged: one has the opposite sign. */
  | 'cancelling'
  /** A few samples, or all, that no microphone gives. */
  | 'absurdSample'
  /** A float file whose samples are integers, not parts of full scale. */
  | 'integerScale'
  /** Many samples at the end of the range, where the sound went on. */
  | 'clipped'
  /** A channel without sound beside one with it. */
  | 'deadChannel'
  /** Stretches without sound, a fifth of the recording or more. */
  | 'partlyDead'
  /** The middle of the sound lies far from 0. */
  | 'offset';

/** One fault, told in a sentence. */
export interface SignalFinding {
  kind: SignalFault;
  /** `error`: a score of the recording says nothing of the machine. */
  severity: 'error' | 'warning';
  /** A sentence without the recording's name. */
  message: string;
}

/** A recording as it is heard, its channels averaged. */
export interface SignalDescription {
  /** Root mean square about the mean, in units of full scale. */
  level: number;
  /** The largest distance from 0 of any channel. */
  peak: number;
  /** None for a recording in which nothing is wrong. */
  findings: SignalFinding[];
}

/** Above this a sample is no part of full scale; floats may well go somewhat beyond 1. */
const MAX_FULL_SCALE = 16;
/** Beyond integers of 32 bits nothing is a recording. */
const MAX_INTEGER = 2 ** 31;
/** Samples this many times above 99 % of the others are no sound. */
const ABSURD_RATIO = 1000;
/** Averaged channels weaker than this share of the louder one cancel: 40 dB. */
const CANCELLED_SHARE = 0.01;
/** Share of samples at the end of the range from which on a recording counts as clipped. */
const CLIPPED_SHARE = 0.01;
const DEAD_SHARE = 0.2;
const MAX_OFFSET = 0.1;

/**
 * What a person would notice in a recording without any model: silence, dither, opposite channels, absurd samples, the scale
 * of integers, clipping, dead channels and stretches, an offset.
 *
 * @param audio sample rate in Hz and channels of `[nSamples]`, finite, as `decodeAudio` gives them.
 * @throws RangeError for no channels, an empty, non-finite or unequal one; TypeError for other kinds.
 * @example
 * const { findings } = describeSignal(await readAudio('clip.wav'));
 */
export function describeSignal({
  sampleRate,
  channels,
}: {
  sampleRate: number;
  channels: readonly Float32Array[];
}): SignalDescription {
  checkNumber('audio-features.describeSignal: sampleRate', sampleRate, wholeNumber(1));
  const mono = toMono(channels);
  const facts = channels.map((channel) => measureChannel(channel, sampleRate));
  const { level, mean } = measureMono(mono);
  const peak = Math.max(...facts.map(({ min, max }) => Math.max(Math.abs(min), Math.abs(max))));
  const findings = [
    findWithoutSound(facts) ??
      findWrongScale(channels, peak) ??
      findCancelling(facts, level) ?? [
        ...findClipped(facts),
        ...findDeadChannel(facts),
        ...findPartlyDead(facts),
        ...findOffset(mean),
      ],
  ].flat();
  return { level, peak, findings };
}

function measureMono(mono: Float32Array): { level: number; mean: number } {
  let sum = 0;
  for (let i = 0; i < mono.length; i++) sum += mono[i]!;
  const mean = sum / mono.length;
  let squares = 0;
  for (let i = 0; i < mono.length; i++) squares += (mono[i]! - mean) ** 2;
  return { level: Math.sqrt(squares / mono.length), mean };
}

function findWithoutSound(facts: readonly ChannelFacts[]): SignalFinding | null {
  if (facts.every(({ min, max }) => min === max)) {
    const values = facts.map(({ min }) => min);
    const message = values.every((value) => value === 0)
      ? 'Silence: every sample is 0.'
      : `One and the same value throughout, ${figure(values.find((value) => value !== 0)!)} of full scale.`;
    return { kind: 'constant', severity: 'error', message };
  }
  if (!facts.every(isWithoutSound)) return null;
  const range = Math.max(...facts.map(({ min, max }) => max - min));
  return {
    kind: 'ditherOnly',
    severity: 'error',
    message: `Dither alone: the samples stay within ${figure(range)} of full scale, the last steps of the converter.`,
  };
}

function isWithoutSound(facts: ChannelFacts): boolean {
  return facts.max - facts.min <= deadRangeOf(facts);
}

/** Looked at only where a sample is beyond what floats of full scale 1 have. */
function findWrongScale(channels: readonly Float32Array[], peak: number): SignalFinding | null {
  if (peak <= MAX_FULL_SCALE) return null;
  const sorted = Float32Array.from(channels.flatMap((channel) => Array.from(channel, Math.abs))).sort();
  const usual = sorted[Math.floor(0.99 * (sorted.length - 1))]!;
  if (peak > ABSURD_RATIO * usual || usual > MAX_INTEGER) {
    const nAbsurd = sorted.filter((size) => size > Math.max(MAX_FULL_SCALE, usual)).length;
    const message =
      usual > MAX_INTEGER
        ? `Samples that no microphone gives, up to ${figure(peak)} times full scale.`
        : `${nAbsurd} sample(s) that no microphone gives, up to ${figure(peak)} times full scale where 99 % stay below ${figure(usual)}.`;
    return { kind: 'absurdSample', severity: 'error', message };
  }
  if (usual <= MAX_FULL_SCALE) return null;
  return {
    kind: 'integerScale',
    severity: 'warning',
    message: `Floating-point samples on the scale of integers, up to ${figure(peak)} where full scale is 1: divide them by 32768 or what the recorder used.`,
  };
}

function findCancelling(facts: readonly ChannelFacts[], level: number): SignalFinding | null {
  const loudest = Math.max(...facts.map((each) => each.level));
  if (facts.length < 2 || level >= CANCELLED_SHARE * loudest) return null;
  return {
    kind: 'cancelling',
    severity: 'error',
    message: `The ${facts.length} channels cancel where they are averaged, from ${figure(loudest)} to ${figure(level)} of full scale: turn the sign of one, or record one alone.`,
  };
}

function findClipped(facts: readonly ChannelFacts[]): SignalFinding[] {
  const share = Math.max(...facts.map(({ clippedShare }) => clippedShare));
  if (share <= CLIPPED_SHARE) return [];
  const message = `Clipped: ${percent(share)} of the samples are at the end of the range; it was recorded too loud.`;
  return [{ kind: 'clipped', severity: 'warning', message }];
}

function findDeadChannel(facts: readonly ChannelFacts[]): SignalFinding[] {
  const dead = facts.flatMap((each, c) => (isWithoutSound(each) ? [c + 1] : []));
  if (dead.length === 0) return [];
  return [
    {
      kind: 'deadChannel',
      severity: 'warning',
      message: `No sound in channel ${dead.join(', ')} of ${facts.length}: the average of all is weaker than the sound.`,
    },
  ];
}

function findPartlyDead(facts: readonly ChannelFacts[]): SignalFinding[] {
  const share = Math.min(...facts.filter((each) => !isWithoutSound(each)).map(({ deadShare }) => deadShare));
  if (share < DEAD_SHARE) return [];
  const message = `No sound in ${percent(share)} of the recording: the microphone or the connection was dead for that time.`;
  return [{ kind: 'partlyDead', severity: 'warning', message }];
}

function findOffset(mean: number): SignalFinding[] {
  if (Math.abs(mean) <= MAX_OFFSET) return [];
  const message = `An offset: the middle of the samples is ${figure(mean)} of full scale, not 0.`;
  return [{ kind: 'offset', severity: 'warning', message }];
}

function figure(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function percent(share: number): string {
  return `${figure(100 * share)} %`;
}
