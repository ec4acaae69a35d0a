import { decodeAudio, describeSignal, encodeWav, toMono } from '@serial-oe/audio-features';
import type { ReadRecording, Sound } from './protocol';

const N_PEAKS = 2000;

/** Recordings that were read, by number; their samples stay in the worker. */
export class Recordings {
  readonly #sounds = new Map<number, Sound & { name: string }>();
  #next = 1;

  /** @throws AudioError or WavError saying what the file is instead, or what is wrong with it */
  async read(name: string, bytes: Uint8Array): Promise<ReadRecording> {
    const {
      channels,
      sampleRate,
      warnings = [],
    } = await decodeAudio(bytes, {
      fileName: name,
      useAvailableLength: true,
    });
    const waveform = new Float32Array(toMono(channels));
    const { findings } = describeSignal({ sampleRate, channels });
    const id = this.#next++;
    this.#sounds.set(id, { waveform, sampleRate, name });
    return {
      ...{ id, name, sampleRate, findings, warnings: [...warnings] },
      ...{ seconds: waveform.length / sampleRate, nChannels: channels.length },
      wav: encodeWav({ sampleRate, channels: [waveform] }) as Uint8Array<ArrayBuffer>,
      peaks: peaksOf(waveform),
    };
  }

  get(id: number): Sound & { name: string } {
    const sound = this.#sounds.get(id);
    if (sound === undefined) throw new Error(`recording ${id} is not there any more.`);
    return sound;
  }

  between(id: number, time: number, endTime: number): Sound {
    const { waveform, sampleRate } = this.get(id);
    const [from, to] = [Math.round(time * sampleRate), Math.round(endTime * sampleRate)];
    return { waveform: waveform.slice(Math.max(0, from), to), sampleRate };
  }

  forget(id: number): void {
    this.#sounds.delete(id);
  }
}

/** The largest of each stretch, with its sign. */
function peaksOf(waveform: Float32Array): Float32Array<ArrayBuffer> {
  const n = Math.min(N_PEAKS, waveform.length);
  const peaks = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const end = Math.floor(((i + 1) * waveform.length) / n);
    for (let at = Math.floor((i * waveform.length) / n); at < end; at++) {
      if (Math.abs(waveform[at]!) > Math.abs(peaks[i]!)) peaks[i] = waveform[at]!;
    }
  }
  return peaks;
}
