import { md5 } from '@noble/hashes/legacy';
import { AudioError } from '../audio-error';
import { type CompressedContext, type Decoded, decodeWith, reportDamage, withoutReset } from './decoder';
import { type FlacStreamInfo, readFlacStreamInfo } from './flac-stream-info';
import { importFlac } from './import-decoder';

const KIND = 'FLAC';

/** 9 hours at 16 kHz, 2 GiB once decoded: silence takes so few bytes that the size of a file bounds nothing. */
const MAX_SAMPLES = 2 ** 29;

/** Samples of a channel that are hashed at once. */
const HASH_STEP = 16_384;

/**
 * Reads FLAC, by itself or in Ogg. `infoOffset` is where its marker `fLaC` stands.
 *
 * The decoder divides integers by 2^(bits - 1) - 1; here they are divided by 2^(bits - 1), as in WAV, so that both hold the
 * same samples. It says nothing of frames that it lost, so number and MD5 of the samples are compared with what the file
 * says of itself.
 */
export async function decodeFlac(
  bytes: Uint8Array,
  infoOffset: number,
  context: CompressedContext,
): Promise<Decoded> {
  const { caller } = context;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const info = readFlacStreamInfo(view, infoOffset);
  if (info === null) {
    throw new AudioError(
      'damaged',
      `${caller}: FLAC must begin with a STREAMINFO block, got none. Copy the file again.`,
    );
  }
  if (info.nSamples * info.nChannels > MAX_SAMPLES) {
    throw new AudioError(
      'unsupported',
      `${caller}: FLAC must hold at most ${MAX_SAMPLES} samples, got a header that states ${info.nSamples} in each of ` +
        `${info.nChannels} channels. Split the recording, or copy it again if it is shorter.`,
    );
  }
  const { FLACDecoder } = await importFlac(caller);
  const result = await decodeWith(
    () => withoutReset(new FLACDecoder()),
    (decoder) => decoder.decodeFile(bytes),
  );
  const scale = 2 ** (info.bitDepth - 1);
  const channels = result.channelData.map((channel) => toFullScale(channel, scale));
  const damage = findDamage(info, { ...result, channels, scale });
  const nSamples = channels[0]?.length ?? 0;
  const warnings = damage === null ? [] : [reportDamage(context, { kind: KIND, damage, nSamples })];
  return { sampleRate: info.sampleRate, channels, warnings };
}

/** In place: a copy of a long recording is large. */
function toFullScale(decoded: Float32Array, scale: number): Float32Array {
  const { round } = Math;
  for (let i = 0; i < decoded.length; i++) decoded[i] = round(decoded[i]! * (scale - 1)) / scale;
  return decoded;
}

function findDamage(
  { sampleRate, nChannels, nSamples, md5: stated }: FlacStreamInfo,
  found: {
    sampleRate: number;
    channels: readonly Float32Array[];
    scale: number;
    errors: readonly { message: string }[];
  },
): string | null {
  const { channels, errors } = found;
  const length = channels[0]?.length ?? 0;
  if (length === 0) return 'no frame that can be read';
  if (channels.length !== nChannels)
    return `${channels.length} channels where its header states ${nChannels}`;
  if (found.sampleRate !== sampleRate) return `${found.sampleRate} Hz where its header states ${sampleRate}`;
  if (nSamples !== 0 && length !== nSamples) return `${length} samples where its header states ${nSamples}`;
  if (errors.length > 0) return `an error of the decoder (${errors[0]!.message})`;
  if (stated === null) return null;
  return hashSamples(channels, found.scale) === stated
    ? null
    : 'samples that are not those it was made of (MD5)';
}

/** MD5 of the interleaved integers, each in whole bytes, little-endian. */
function hashSamples(channels: readonly Float32Array[], scale: number): string {
  const nBytes = Math.ceil((Math.log2(scale) + 1) / 8);
  const hash = md5.create();
  const length = channels[0]!.length;
  for (let start = 0; start < length; start += HASH_STEP) {
    const end = Math.min(length, start + HASH_STEP);
    const block = new Uint8Array((end - start) * channels.length * nBytes);
    let at = 0;
    for (let i = start; i < end; i++) {
      for (const channel of channels) {
        const value = channel[i]! * scale;
        for (let byte = 0; byte < nBytes; byte++) block[at++] = value >> (8 * byte);
      }
    }
    hash.update(block);
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
