import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { decodeWav, encodeWav, MelSpectrogram, resample, splitChunks, toMono } from '../src/index';
import { readWav } from '../src/node';

const DATA = resolve(__dirname, '../../../../shared/data');

/** The same samples, bit for bit; toEqual takes seconds for a clip. */
function isSame(actual: Float32Array[], expected: Float32Array[]): boolean {
  const toBytes = (channels: Float32Array[]) =>
    Buffer.concat(
      channels.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    );
  return actual.length === expected.length && toBytes(actual).equals(toBytes(expected));
}

/** Runs the tests where the recordings are, and says so where they are not. */
function describeWith(folder: string, tests: (path: string) => void): void {
  const path = join(DATA, folder);
  if (existsSync(path)) {
    describe(folder, () => tests(path));
  } else {
    process.stderr.write(`SKIPPED: no recordings at ../shared/data/${folder} beside the repository\n`);
    describe.skip(`${folder}: no recordings at ../shared/data`, () => tests(path));
  }
}

function wavFiles(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const paths = names.filter((name) => name.endsWith('.wav')).map((name) => join(folder, name));
  return paths.length > 0 ? paths : ['none']; // it.each wants a row even where the folder is absent
}

describeWith('mimii-fan/raw-8ch', (folder) => {
  it.each(wavFiles(folder))('%s: 8 channels, extensible, to mono and to a mel spectrogram', async (path) => {
    const { sampleRate, channels } = await readWav(path);
    expect([sampleRate, channels.length]).toEqual([16000, 8]);
    expect(new Set(channels.map((channel) => channel.length))).toEqual(new Set([160000]));
    const mono = toMono(channels);
    expectAllClose(
      mono[1234]!,
      channels.reduce((sum, channel) => sum + channel[1234]! / 8, 0),
      {
        rtol: 1e-6,
        atol: 1e-9,
      },
    );
    expect(isSame(decodeWav(encodeWav({ sampleRate, channels })).channels, channels)).toBe(true);
    expect(new MelSpectrogram().compute(mono)).toMatchObject({ nMels: 224, nFrames: 626 });
  });

  it('holds the first channel that mimii-fan kept, to the bit', async () => {
    const name = 'anomaly_id_00_00000000.wav';
    const { channels } = await readWav(join(folder, name));
    const kept = await readWav(join(folder, '../test', name));
    expect(isSame(kept.channels, [channels[0]!])).toBe(true);
  });
});

describe.each(['dcase2020-mini', 'mimii-fan/test', 'mimii-fan/train'])('%s', (name) => {
  describeWith(name, (folder) => {
    it('every clip: 16 kHz mono, ten or eleven chunks, finite spectrograms, the same after writing it again', async () => {
      const mel = new MelSpectrogram();
      for (const path of wavFiles(folder)) {
        const { sampleRate, channels } = await readWav(path);
        expect([path, sampleRate, channels.length]).toEqual([path, 16000, 1]);
        expect(isSame(decodeWav(encodeWav({ sampleRate, channels })).channels, channels)).toBe(true);
        const chunks = splitChunks(toMono(channels));
        expect([10, 11]).toContain(chunks.length);
        const { data, nMels, nFrames } = mel.compute(chunks.at(-1)!);
        expect([nMels, nFrames]).toEqual([224, 126]);
        expect(data.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect(Math.max(...data)).toBeGreaterThan(0);
      }
    });
  });
});

describeWith('mimii-fan/test', (folder) => {
  it('a clip sounds the same at 8 kHz below 3.6 kHz', async () => {
    const { channels } = await readWav(wavFiles(folder)[0]!);
    const clip = channels[0]!.slice(0, 16000);
    const options = { nMels: 40, fMax: 3600 };
    const full = new MelSpectrogram(options).compute(clip);
    const half = new MelSpectrogram({ ...options, sampleRate: 8000, nFft: 1024, hopLength: 128 }).compute(
      resample(clip, 16000, 8000),
    );
    expect([half.nMels, half.nFrames]).toEqual([full.nMels, full.nFrames]);
    const inner = (_: number, i: number) => i % full.nFrames > 8 && i % full.nFrames < full.nFrames - 9;
    // half the samples a window of half the norm: magnitudes are 1 / sqrt(2)
    const expected = Array.from(full.data.filter(inner), (value) => value / Math.SQRT2);
    expectAllClose(half.data.filter(inner), expected, { rtol: 5e-3, atol: 1e-4 * Math.max(...expected) });
  });
});
