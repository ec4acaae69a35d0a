import type { Readable } from 'node:stream';
import { checkNumber, POSITIVE_COUNT } from '@serial-oe/foundation';
import { type AudioPiece, type AudioSource, AudioSourceError } from './audio-source';
import { PcmDecoder, type PcmFormat } from './pcm-decoder';

export interface PcmSourceOptions extends PcmFormat {
  /** Hz. */
  sampleRate: number;
  /** For messages; default 'standard input'. */
  name?: string | undefined;
  /** Default true. */
  isLive?: boolean | undefined;
}

/**
 * PCM without a header from a stream of bytes, such as standard input.
 * @example
 * const source = pcmSource(process.stdin, { sampleRate: 16000 });
 */
export function pcmSource(stream: Readable, options: PcmSourceOptions): AudioSource {
  const { sampleRate, name = 'standard input', isLive = true, ...format } = options;
  checkNumber('monitor.pcmSource: sampleRate', sampleRate, POSITIVE_COUNT);
  new PcmDecoder(format); // says what is wrong with the format
  return {
    ...{ name, isLive, isEndless: false }, // a pipe that has ended cannot be opened again
    open: (signal) => readPcm(stream, { sampleRate, format, name, signal }),
  };
}

/** The samples of a stream of bytes as they come. */
export async function* readPcm(
  stream: Readable,
  {
    sampleRate,
    format,
    name,
    signal,
  }: { sampleRate: number; format: PcmFormat; name: string; signal: AbortSignal },
): AsyncGenerator<AudioPiece> {
  const decoder = new PcmDecoder(format);
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const bytes of stream) {
      const samples = decoder.decode(bytes as Uint8Array);
      if (samples.length > 0) yield { samples, sampleRate };
    }
  } catch (cause) {
    if (signal.aborted) return;
    throw new AudioSourceError(`monitor: ${name} broke off: ${(cause as Error).message}`, { cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
