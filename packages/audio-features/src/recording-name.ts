/** Endings of the files that `decodeAudio` reads, lower case, without the dot. */
export const RECORDING_EXTENSIONS = ['wav', 'wave', 'flac', 'mp3', 'ogg', 'oga', 'opus'] as const;

/**
 * Whether a file name (or path) is that of a recording which `decodeAudio` reads: one of {@link RECORDING_EXTENSIONS}, in
 * any case. Names that begin with a dot are none: `._clip.wav` is what macOS writes beside `clip.wav`.
 *
 * @example
 * const recordings = (await readdir(folder)).filter(isRecordingName);
 */
export function isRecordingName(name: string): boolean {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  const extension = base.slice(dot + 1).toLowerCase();
  return dot > 0 && !base.startsWith('.') && RECORDING_EXTENSIONS.some((known) => known === extension);
}
