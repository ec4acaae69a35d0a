import { createHash } from 'node:crypto';
import { WavError } from '@serial-oe/audio-features';
import { readWav } from '@serial-oe/audio-features/node';
import type { Clip } from '../../clip';

/** What one recording is made of. */
export interface ClipFacts {
  /** Hz. */
  sampleRate: number;
  nChannels: number;
  /** Of each channel. */
  nSamples: number;
  /** SHA-256 of sample rate and samples: the same for the same audio, whatever its file is called or holds beside it. */
  hash: string;
  /** All samples of each channel are the same. */
  isConstant: boolean;
  /** Share of samples at full scale. */
  clippedShare: number;
}

/** Why a recording cannot be used. */
export interface UnusableClip {
  kind: 'unreadable' | 'notFinite';
  /** A sentence without the path. */
  reason: string;
}

/** Just below the largest value of 16-bit samples, 1 - 2^-15. */
const FULL_SCALE = 0.9999;

/** Reads a recording, or says why that cannot be done. */
export async function inspectClip(clip: Clip): Promise<ClipFacts | UnusableClip> {
  try {
    if (clip.waveform && clip.sampleRate !== undefined) {
      if (clip.waveform.every(Number.isFinite)) return measure(clip.sampleRate, [clip.waveform]);
      return { kind: 'notFinite', reason: 'samples must be finite, got NaN or infinity.' };
    }
    const { sampleRate, channels } = await readWav(clip.path);
    return measure(sampleRate, channels);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (error instanceof WavError) {
      const kind = error.problem === 'not-finite' ? 'notFinite' : 'unreadable';
      return { kind, reason: message.replace(/^audio-features\.\w+: /, '').replace(/ File: .*$/s, '') };
    }
    if (code === undefined) throw error;
    return { kind: 'unreadable', reason: message.replace(/,? \w+ '.*$/s, '.') }; // ENOENT: .., open '<path>'
  }
}

function measure(sampleRate: number, channels: readonly Float32Array[]): ClipFacts {
  const hash = createHash('sha256').update(`${sampleRate}/${channels.length}\n`);
  const nSamples = channels[0]?.length ?? 0;
  let isConstant = true;
  let nClipped = 0;
  for (const channel of channels) {
    hash.update(new Uint8Array(channel.buffer, channel.byteOffset, channel.byteLength));
    const first = channel[0];
    for (let i = 0; i < channel.length; i++) {
      const sample = channel[i]!;
      if (sample !== first) isConstant = false;
      if (sample >= FULL_SCALE || sample <= -FULL_SCALE) nClipped++;
    }
  }
  const clippedShare = nSamples === 0 ? 0 : nClipped / (nSamples * channels.length);
  return {
    sampleRate,
    nChannels: channels.length,
    nSamples,
    hash: hash.digest('hex'),
    isConstant,
    clippedShare,
  };
}
