import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { encodeWav } from '@serial-oe/audio-features';
import {
  type AudioSource,
  AudioSourceError,
  arecordSource,
  commandSource,
  ffmpegSource,
  fileSource,
  type PcmFormat,
  pcmSource,
} from '../src/node';

const forever = new AbortController().signal;

async function listen(source: AudioSource, signal = forever): Promise<number[]> {
  const samples: number[] = [];
  for await (const piece of source.open(signal)) samples.push(...piece.samples);
  return samples;
}

/** A Node program as a source. */
const nodeSource = (script: string, format: PcmFormat = {}) =>
  commandSource({
    command: process.execPath,
    args: ['-e', script],
    sampleRate: 16_000,
    name: 'the program',
    ...format,
  });

describe('pcmSource', () => {
  const pcm = (values: ArrayBufferView, format: PcmFormat = {}) => {
    const bytes = Buffer.from(values.buffer);
    const parts = [0, 1, 3, 6, 11].map((from, i, cuts) => bytes.subarray(from, cuts[i + 1] ?? bytes.length));
    return listen(pcmSource(Readable.from(parts), { sampleRate: 16_000, ...format }));
  };

  it('reads little-endian PCM in pieces of any size', async () => {
    expect(await pcm(Int16Array.of(0, 16_384, -32_768, 32_767))).toEqual(
      [0, 0.5, -1, 32_767 / 32_768].map(Math.fround),
    );
    const s24 = Uint8Array.of(0, 0, 0x80, 0, 0, 0x40, 0xff, 0xff, 0xff);
    expect(await pcm(s24, { encoding: 's24le' })).toEqual([-1, 0.5, Math.fround(-(2 ** -23))]);
    expect(await pcm(Int32Array.of(-(2 ** 31), 2 ** 30), { encoding: 's32le' })).toEqual([-1, 0.5]);
    expect(await pcm(Float32Array.of(-0.25, 1.5), { encoding: 'f32le' })).toEqual([-0.25, 1.5]);
  });

  it('takes the mean of the channels, or one of them', async () => {
    const stereo = Int16Array.of(16_384, 0, -16_384, 8192);
    expect(await pcm(stereo, { channels: 2 })).toEqual([0.25, -0.125]);
    expect(await pcm(stereo, { channels: 2, channel: 1 })).toEqual([0, 0.25]);
  });

  it('leaves out a frame that is not whole', async () => {
    expect(await pcm(Uint8Array.of(0, 64, 1))).toEqual([0.5]);
  });

  it('ends with its signal', async () => {
    const stream = new PassThrough();
    const stop = new AbortController();
    const heard = listen(pcmSource(stream, { sampleRate: 16_000 }), stop.signal);
    stream.write(Buffer.from([0, 64]));
    setTimeout(() => stop.abort(), 20);
    expect(await heard).toEqual([0.5]);
  });

  it('refuses formats that there are not', () => {
    const stream = Readable.from([]);
    expect(() => pcmSource(stream, { sampleRate: 16_000, encoding: 'u8' as never })).toThrow(/encoding/);
    expect(() => pcmSource(stream, { sampleRate: 0 })).toThrow(/sampleRate/);
    expect(() => pcmSource(stream, { sampleRate: 1, channels: 2, channel: 2 })).toThrow(/channel/);
  });
});

describe('commandSource', () => {
  it('hears what a program writes', async () => {
    expect(await listen(nodeSource('process.stdout.write(Buffer.from([0, 64, 0, 192]))'))).toEqual([
      0.5, -0.5,
    ]);
  });

  it('tells what a program complained of when it fails', async () => {
    const failing = nodeSource('process.stderr.write("no such device"); process.exit(3)');
    const failure = await listen(failing).catch((error) => error);
    expect(failure).toBeInstanceOf(AudioSourceError);
    expect(failure.message).toBe('monitor: the program ended with exit code 3: no such device');
  });

  it('tells that a program is not installed', async () => {
    const source = commandSource({ command: 'no-such-recorder', args: ['-x'], sampleRate: 16_000 });
    await expect(listen(source)).rejects.toThrow(
      'monitor: no-such-recorder -x cannot be started: the program is not installed',
    );
  });

  it('ends the program with its signal, also one that does not listen', async () => {
    const stop = new AbortController();
    const stubborn = nodeSource(
      'process.on("SIGTERM", () => {}); setInterval(() => process.stdout.write(Buffer.from([0, 64])), 10)',
    );
    const heard = listen(stubborn, stop.signal);
    setTimeout(() => stop.abort(), 500);
    expect((await heard).every((sample) => sample === 0.5)).toBe(true);
  }, 10_000);

  it('a listener that stops ends the program', async () => {
    const source = nodeSource('setInterval(() => process.stdout.write(Buffer.from([0, 64])), 5)');
    for await (const { samples } of source.open(forever)) {
      expect(samples[0]).toBe(0.5);
      break;
    }
  });
});

describe('sources that are made of programs', () => {
  it('name them, without passwords', () => {
    expect(arecordSource({ device: 'hw:1', channels: 2 }).name).toBe(
      'arecord -q -D hw:1 -t raw -f S16_LE -r 16000 -c 2',
    );
    const camera = ffmpegSource({ input: 'rtsp://admin:secret@camera/stream' });
    expect(camera.name).toBe('ffmpeg rtsp://admin:***@camera/stream');
    expect([camera.isLive, camera.isEndless]).toEqual([true, true]);
    expect(ffmpegSource({ input: 'clip.wav' }).isLive).toBe(false);
  });
});

describe('fileSource', () => {
  it('gives a recording in pieces, and tells what is wrong with one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serial-oe-source-'));
    try {
      const samples = Float32Array.from({ length: 2500 }, (_, i) => Math.sin(i) / 2);
      writeFileSync(
        join(folder, 'a.wav'),
        encodeWav({ sampleRate: 1000, channels: [samples] }, { encoding: 'float' }),
      );
      writeFileSync(join(folder, 'b.wav'), 'no sound');
      expect(await listen(fileSource(join(folder, 'a.wav')))).toEqual([...samples]);
      await expect(listen(fileSource(join(folder, 'b.wav')))).rejects.toThrow(AudioSourceError);
      await expect(listen(fileSource(join(folder, 'c.wav')))).rejects.toThrow(/c\.wav/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
