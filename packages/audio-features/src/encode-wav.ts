import { checkNumber, checkOneOf, checkOptions, type OptionNames, wholeNumber } from '@serial-oe/foundation';
import { checkWaveform } from './check-waveform';
import { SUBTYPE_TAIL, WAVE_FORMAT_EXTENSIBLE, WAVE_FORMAT_IEEE_FLOAT, WAVE_FORMAT_PCM } from './wav-format';
import { encodeSamples } from './wav-samples';
import type { Audio } from './waveform';

/** Options of {@link encodeWav}. */
export interface EncodeWavOptions {
  /** Bits a sample: 8, 16, 24 or 32 for PCM, 32 or 64 for float. Default 16 for PCM, 32 for float. */
  bitDepth?: 8 | 16 | 24 | 32 | 64;
  /** Integers or IEEE floating point. Default 'pcm'. */
  encoding?: 'pcm' | 'float';
}

const OPTIONS: OptionNames<EncodeWavOptions> = { bitDepth: true, encoding: true };

const CALLER = 'audio-features.encodeWav';

/** The largest size that a RIFF header can state, its own 8 bytes and a pad byte apart. */
const MAX_RIFF_BYTES = 0xffffffff - 9;

/**
 * Writes a WAV file. PCM samples are rounded to the nearest step of 2^-(bitDepth - 1); what lies outside [-1, 1) is
 * clipped to full scale, as torchaudio and libsndfile do. More than two channels are written as
 * WAVE_FORMAT_EXTENSIBLE without assigned speakers.
 *
 * @param audio sample rate in Hz and one Float32Array a channel, `[nSamples]`, all of the same length. `decodeWav` reads rates
 *   from 1 kHz to 1 MHz alone.
 * @returns the bytes of the file; the same audio gives the same bytes.
 * @throws RangeError for no channels, an empty, non-finite or unequal channel, a sample rate that is no whole number
 *   of 1 Hz or more, a bit depth that the encoding has not, or audio beyond 4 GiB; TypeError for other kinds.
 * @example
 * const bytes = encodeWav({ sampleRate: 16000, channels: [waveform] }, { bitDepth: 16 });
 */
export function encodeWav(audio: Audio, options: EncodeWavOptions = {}): Uint8Array<ArrayBuffer> {
  checkOptions(CALLER, options, OPTIONS);
  const { encoding = 'pcm', bitDepth = encoding === 'float' ? 32 : 16 } = options;
  checkOneOf(`${CALLER}: encoding`, encoding, ['pcm', 'float']);
  checkOneOf(
    `${CALLER}: bitDepth (${encoding})`,
    bitDepth,
    encoding === 'float' ? [32, 64] : [8, 16, 24, 32],
  );
  checkAudio(audio);
  const { channels, sampleRate } = audio;
  const isExtensible = channels.length > 2;
  const nSamples = channels[0]!.length;
  const dataSize = (nSamples * channels.length * bitDepth) / 8;
  const header = [
    ...formatChunk({ nChannels: channels.length, sampleRate, bitDepth, encoding, isExtensible }),
    ...(encoding === 'float' ? [...tag('fact'), ...uint32(4), ...uint32(nSamples)] : []),
    ...tag('data'),
    ...uint32(dataSize),
  ];
  const padding = dataSize % 2;
  const riffSize = 4 + header.length + dataSize + padding;
  if (riffSize > MAX_RIFF_BYTES) {
    throw new RangeError(
      `${CALLER}: a WAV file must stay below 4 GiB, got ${riffSize} bytes. Split the audio.`,
    );
  }
  const dataOffset = 12 + header.length;
  const bytes = new Uint8Array(dataOffset + dataSize + padding);
  bytes.set([...tag('RIFF'), ...uint32(riffSize), ...tag('WAVE'), ...header]);
  encodeSamples(new DataView(bytes.buffer, dataOffset, dataSize), { encoding, bitDepth }, channels);
  return bytes;
}

function checkAudio({ sampleRate, channels }: Audio): void {
  checkNumber(`${CALLER}: sampleRate`, sampleRate, wholeNumber(1, 0xffffffff));
  if (!Array.isArray(channels) || channels.length === 0 || channels.length > 0xffff) {
    throw new RangeError(
      `${CALLER}: channels must be an array of 1 to 65535 Float32Arrays, got ${channels?.length ?? typeof channels}.`,
    );
  }
  channels.forEach((channel, c) => {
    checkWaveform(`${CALLER}: channels[${c}]`, channel);
    if (channel.length !== channels[0]!.length) {
      throw new RangeError(
        `${CALLER}: channels must have the same length, got ${channels[0]!.length} and ${channel.length} samples.`,
      );
    }
  });
}

interface FormatChunk {
  nChannels: number;
  sampleRate: number;
  bitDepth: number;
  encoding: 'pcm' | 'float';
  isExtensible: boolean;
}

function formatChunk({ nChannels, sampleRate, bitDepth, encoding, isExtensible }: FormatChunk): number[] {
  const code = encoding === 'float' ? WAVE_FORMAT_IEEE_FLOAT : WAVE_FORMAT_PCM;
  const blockAlign = (nChannels * bitDepth) / 8;
  const common = [
    ...uint16(isExtensible ? WAVE_FORMAT_EXTENSIBLE : code),
    ...uint16(nChannels),
    ...uint32(sampleRate),
    ...uint32(sampleRate * blockAlign),
    ...uint16(blockAlign),
    ...uint16(bitDepth),
  ];
  // extension: its size, valid bits, speaker mask, sub-format GUID
  const extension = isExtensible
    ? [...uint16(22), ...uint16(bitDepth), ...uint32(0), ...uint16(code), ...SUBTYPE_TAIL]
    : encoding === 'float'
      ? uint16(0)
      : [];
  return [...tag('fmt '), ...uint32(common.length + extension.length), ...common, ...extension];
}

function tag(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function uint16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function uint32(value: number): number[] {
  return [...uint16(value), ...uint16(value >>> 16)];
}
