import {
  COUNT,
  checkedRandom,
  checkNumber,
  checkOptions,
  drawIndex,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import { checkFloat32Array } from './check-waveform';
import type { Waveform } from './waveform';

/** Options of {@link chunkStarts} and {@link splitChunks}. */
export interface ChunkOptions {
  /** Samples a chunk. Default 32000: 2 s at 16 kHz. */
  chunkLength?: number;
  /** Number of chunks M. Default ceil(2 length / chunkLength): 10 for 10 s in chunks of 2 s. */
  nChunks?: number;
}

const CHUNK_OPTIONS: OptionNames<ChunkOptions> = { chunkLength: true, nChunks: true };

/** S = 2.0 s at 16 kHz. */
const DEFAULT_CHUNK_LENGTH = 32000;

/**
 * First samples of M evenly spread chunks of n samples in a clip of N: i * floor((N - n) / (M - 1)) for the chunks 0 to
 * M - 2; the last chunk ends at the clip's last sample, so a single one starts at N - n.
 *
 * @param length N, samples of the clip.
 * @returns `[nChunks]` whole numbers, ascending; they repeat where there are more chunks than positions.
 * @throws RangeError for a clip shorter than a chunk or counts that are not whole numbers of at least 1.
 * @see the inference chunks of Serial-OE's published implementation.
 * @example
 * chunkStarts(160000, { chunkLength: 32000, nChunks: 3 }); // [0, 64000, 128000]
 */
export function chunkStarts(length: number, options: ChunkOptions = {}): number[] {
  return startsFor('audio-features.chunkStarts', length, options).starts;
}

/**
 * The chunks at {@link chunkStarts}, copied.
 *
 * @param waveform `[nSamples]`.
 * @returns `[nChunks]` arrays of `[chunkLength]`.
 * @throws RangeError for a clip shorter than a chunk or counts that are not whole numbers of at least 1; TypeError for
 *   other kinds.
 */
export function splitChunks(waveform: Waveform, options: ChunkOptions = {}): Waveform[] {
  const caller = 'audio-features.splitChunks';
  checkFloat32Array(`${caller}: waveform`, waveform);
  const { starts, chunkLength } = startsFor(caller, waveform.length, options);
  return starts.map((start) => waveform.slice(start, start + chunkLength));
}

/**
 * A chunk from a uniformly random start, copied.
 *
 * @param waveform `[nSamples]`.
 * @param chunkLength samples of the chunk.
 * @param random uniform in [0, 1); called once.
 * @returns `[chunkLength]`.
 * @throws RangeError for a clip shorter than the chunk or a random number outside [0, 1); TypeError for other kinds.
 */
export function randomChunk(waveform: Waveform, chunkLength: number, random: () => number): Waveform {
  const caller = 'audio-features.randomChunk';
  checkFloat32Array(`${caller}: waveform`, waveform);
  checkLengths(caller, waveform.length, chunkLength);
  const start = drawIndex(waveform.length - chunkLength + 1, checkedRandom(caller, random));
  return waveform.slice(start, start + chunkLength);
}

function startsFor(
  caller: string,
  length: number,
  options: ChunkOptions,
): { starts: number[]; chunkLength: number } {
  checkOptions(caller, options, CHUNK_OPTIONS);
  const { chunkLength = DEFAULT_CHUNK_LENGTH } = options;
  const { nChunks = Math.ceil((2 * length) / chunkLength) } = options;
  checkLengths(caller, length, chunkLength);
  checkNumber(`${caller}: nChunks`, nChunks, POSITIVE_COUNT);
  const last = length - chunkLength;
  const hop = Math.floor(last / (nChunks - 1));
  const starts = Array.from({ length: nChunks }, (_, i) => (i === nChunks - 1 ? last : i * hop));
  return { starts, chunkLength };
}

function checkLengths(caller: string, length: number, chunkLength: number): void {
  checkNumber(`${caller}: chunkLength`, chunkLength, POSITIVE_COUNT);
  checkNumber(`${caller}: length`, length, COUNT);
  if (length < chunkLength) {
    throw new RangeError(
      `${caller}: the clip must be at least chunkLength = ${chunkLength} samples long, got ${length}. ` +
        'Use a shorter chunk or leave the clip out.',
    );
  }
}
