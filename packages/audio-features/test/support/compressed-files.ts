import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small recording with what libsndfile and ffmpeg read in it. */
export interface CompressedFile {
  name: string;
  bytes: Uint8Array;
  sampleRate: number;
  nChannels: number;
  nSamples: number;
  /** Of FLAC. */
  bits?: number;
  /** Of FLAC: all samples of each channel. */
  integers?: number[][];
  /** Of the others: some samples of each channel, from `STRETCH_START` on. */
  stretch?: number[][];
}

const golden = JSON.parse(readFileSync(join(__dirname, '..', 'golden', 'compressed-files.json'), 'utf8')) as {
  stretchStart: number;
  files: (Omit<CompressedFile, 'bytes'> & { base64: string })[];
};

export const STRETCH_START = golden.stretchStart;

export const COMPRESSED_FILES: readonly CompressedFile[] = golden.files.map(({ base64, ...file }) => ({
  ...file,
  bytes: Uint8Array.from(Buffer.from(base64, 'base64')),
}));

/** The file of this name. */
export function compressedFile(name: string): CompressedFile {
  const found = COMPRESSED_FILES.find((file) => file.name === name);
  if (found === undefined) throw new Error(`no file ${name} in golden/compressed-files.json`);
  return found;
}
