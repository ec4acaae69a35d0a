import { AudioError } from '../audio-error';

/**
 * The packages that read compressed audio are optional peers: each is imported where its kind of file comes up. Each import
 * is named in full and stands in a `try` of its own, by which bundlers know that the package may be missing.
 */
export async function importFlac(caller: string) {
  try {
    return await import('@wasm-audio-decoders/flac');
  } catch (cause) {
    throw notLoaded(caller, { kind: 'FLAC', name: '@wasm-audio-decoders/flac', cause });
  }
}

export async function importMpeg(caller: string) {
  try {
    return await import('mpg123-decoder');
  } catch (cause) {
    throw notLoaded(caller, { kind: 'MP3', name: 'mpg123-decoder', cause });
  }
}

export async function importVorbis(caller: string) {
  try {
    return await import('@wasm-audio-decoders/ogg-vorbis');
  } catch (cause) {
    throw notLoaded(caller, { kind: 'Ogg Vorbis', name: '@wasm-audio-decoders/ogg-vorbis', cause });
  }
}

export async function importOpus(caller: string) {
  try {
    return await import('ogg-opus-decoder');
  } catch (cause) {
    throw notLoaded(caller, { kind: 'Opus', name: 'ogg-opus-decoder', cause });
  }
}

/** The error that says what to install, or why what is installed does not load. */
export function notLoaded(
  caller: string,
  { kind, name, cause }: { kind: string; name: string; cause: unknown },
): AudioError {
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code) && message.includes(name);
  const why = isMissing ? 'got none' : `got: ${message}`;
  return new AudioError(
    'no-decoder',
    `${caller}: ${kind} must have its decoder, the package ${name}, ${why}. Run "npm install ${name}", or convert the file to WAV.`,
    { cause },
  );
}
