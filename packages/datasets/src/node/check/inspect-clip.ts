import { createHash } from 'node:crypto';
import { AudioError, describeSignal, type SignalFinding } from '@serial-oe/audio-features';
import { readAudio } from '@serial-oe/audio-features/node';
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
  /** Root mean square about the mean of the averaged channels, full scale = 1. */
  level: number;
  /** What a person would hear is wrong with it. */
  findings: readonly SignalFinding[];
  /** What was wrong with the file and did not keep it from being read. */
  warnings: readonly string[];
}

/** Why a recording cannot be used. */
export interface UnusableClip {
  kind: 'unreadable' | 'notFinite';
  /** A sentence without the path. */
  reason: string;
}

/** Reads a recording, or says why that cannot be done. */
export async function inspectClip(clip: Clip): Promise<ClipFacts | UnusableClip> {
  try {
    if (clip.waveform && clip.sampleRate !== undefined) {
      if (clip.waveform.length === 0) return { kind: 'unreadable', reason: 'it holds no samples.' };
      if (clip.waveform.every(Number.isFinite)) return measure(clip.sampleRate, [clip.waveform]);
      return { kind: 'notFinite', reason: 'samples must be finite, got NaN or infinity.' };
    }
    const { sampleRate, channels, warnings } = await readAudio(clip.path);
    return measure(sampleRate, channels, warnings);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (error instanceof AudioError) {
      const kind = error.problem === 'not-finite' ? 'notFinite' : 'unreadable';
      return { kind, reason: message.replace(/^audio-features\.\w+: /, '').replace(/ File: .*$/s, '') };
    }
    if (code === undefined) throw error;
    return { kind: 'unreadable', reason: message.replace(/,? \w+ '.*$/s, '.') }; // ENOENT: .., open '<path>'
  }
}

function measure(
  sampleRate: number,
  channels: readonly Float32Array[],
  warnings: readonly string[] = [],
): ClipFacts {
  const hash = createHash('sha256').update(`${sampleRate}/${channels.length}\n`);
  for (const channel of channels) {
    hash.update(new Uint8Array(channel.buffer, channel.byteOffset, channel.byteLength));
  }
  const { level, findings } = describeSignal({ sampleRate, channels });
  return {
    sampleRate,
    nChannels: channels.length,
    nSamples: channels[0]?.length ?? 0,
    hash: hash.digest('hex'),
    level,
    findings,
    warnings,
  };
}
