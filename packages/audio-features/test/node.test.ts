import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodeWav, WavError } from '../src/index';
import { readWav, writeWav } from '../src/node';
import { chunk, format, riff } from './support/wav-bytes';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audio-features-'));
});
afterEach(() => rm(folder, { recursive: true }));

const audio = { sampleRate: 22050, channels: [Float32Array.of(0, 0.5), Float32Array.of(-1, 0.25)] };

describe('writeWav and readWav', () => {
  it('write what encodeWav encodes, and read it again', async () => {
    const path = join(folder, 'clip.wav');
    await writeWav(path, audio, { bitDepth: 24 });
    expect(new Uint8Array(await readFile(path))).toEqual(encodeWav(audio, { bitDepth: 24 }));
    expect(await readWav(path)).toEqual(audio);
  });

  it('take file URLs', async () => {
    const url = pathToFileURL(join(folder, 'a clip.wav'));
    await writeWav(url, audio);
    expect(await readWav(url)).toEqual(audio);
    expect(await readdir(folder)).toEqual(['a clip.wav']);
  });

  it('replace a file and leave nothing else behind', async () => {
    const path = join(folder, 'clip.wav');
    await writeFile(path, 'old');
    await writeWav(path, audio);
    expect(await readWav(path)).toEqual(audio);
    expect(await readdir(folder)).toEqual(['clip.wav']);
  });

  it('leave the old file where the audio is bad, and nothing where the place is', async () => {
    const path = join(folder, 'clip.wav');
    await writeWav(path, audio);
    await expect(writeWav(path, { sampleRate: 8000, channels: [] })).rejects.toThrow(RangeError);
    expect(await readWav(path)).toEqual(audio);
    await expect(writeWav(join(folder, 'none', 'clip.wav'), audio)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(writeWav(folder, audio)).rejects.toMatchObject({ syscall: 'rename' });
    expect(await readdir(folder)).toEqual(['clip.wav']);
  });
});

describe('readWav', () => {
  it('names the file that it cannot decode', async () => {
    const path = join(folder, 'notes.wav');
    await writeFile(path, 'no audio');
    const error: unknown = await readWav(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WavError);
    expect(error).toMatchObject({ problem: 'not-wav', cause: { problem: 'not-wav' } });
    expect((error as Error).message).toContain(path);
  });

  it('passes the options on', async () => {
    const path = join(folder, 'streamed.wav');
    await writeFile(path, riff([chunk('fmt ', format()), chunk('data', [0, 64], 0xffffffff)]));
    await expect(readWav(path)).rejects.toMatchObject({ problem: 'unknown-length' });
    expect((await readWav(path, { useAvailableLength: true })).channels).toEqual([Float32Array.of(0.5)]);
  });

  it('leaves the errors of the file system alone', async () => {
    await expect(readWav(join(folder, 'none.wav'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
