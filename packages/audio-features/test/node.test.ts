import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AudioError, encodeWav, WavError } from '../src/index';
import { readAudio, readWav, writeWav } from '../src/node';
import { compressedFile } from './support/compressed-files';
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
    const path = join(folder, 'cut.wav');
    const samples = Array.from({ length: 400 }, (_, i) => i % 100);
    await writeFile(path, riff([chunk('fmt ', format()), chunk('data', samples)]).slice(0, -300));
    await expect(readWav(path)).rejects.toMatchObject({ problem: 'length-mismatch' });
    expect((await readWav(path, { useAvailableLength: true })).channels[0]).toHaveLength(50);
  });

  it('leaves the errors of the file system alone', async () => {
    await expect(readWav(join(folder, 'none.wav'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('readAudio', () => {
  it('reads any kind that decodeAudio reads, by path and by URL', async () => {
    const { bytes, nSamples, sampleRate } = compressedFile('flac_16_1ch');
    const path = join(folder, 'a clip.flac');
    await writeFile(path, bytes);
    for (const place of [path, pathToFileURL(path)]) {
      const read = await readAudio(place);
      expect([read.sampleRate, read.channels[0]!.length, read.warnings]).toEqual([sampleRate, nSamples, []]);
    }
    await writeWav(join(folder, 'clip.wav'), audio);
    expect(await readAudio(join(folder, 'clip.wav'))).toEqual({ ...audio, warnings: [] });
  });

  it('names the file once and gives the command for it', async () => {
    const path = join(folder, 'phone.m4a');
    await writeFile(path, Buffer.from('00000020667479704d344120', 'hex'));
    const error = (await readAudio(path).catch((caught: unknown) => caught)) as AudioError;
    expect(error).toBeInstanceOf(AudioError);
    expect(error.problem).toBe('not-audio');
    expect(error.message).toMatch(/M4A.* ffmpeg -i phone\.m4a phone\.wav File: /);
    expect(error.message.split(path)).toHaveLength(2);
  });

  it('keeps WavErrors, and the errors of the disk', async () => {
    const path = join(folder, 'cut.wav');
    await writeFile(path, encodeWav(audio).slice(0, 30));
    const error: unknown = await readAudio(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(WavError);
    expect(error).toMatchObject({ problem: 'truncated' });
    await expect(readAudio(join(folder, 'none.wav'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('passes the options on', async () => {
    const path = join(folder, 'cut.flac');
    const { bytes } = compressedFile('flac_ffmpeg');
    await writeFile(path, bytes.slice(0, -1300));
    await expect(readAudio(path)).rejects.toMatchObject({ problem: 'damaged' });
    const { channels, warnings } = await readAudio(path, { useAvailableLength: true });
    expect([channels[0]!.length, warnings.length]).toEqual([1000, 1]);
  });
});

describe('what is no file', () => {
  const unix = process.platform === 'win32' ? it.skip : it;

  unix.each(['/dev/zero', '/dev/null', '/dev/urandom'])(
    '%s is refused at once, as a device',
    async (path) => {
      for (const read of [readAudio, readWav]) {
        await expect(read(path)).rejects.toMatchObject({ name: 'AudioError', problem: 'not-audio' });
        await expect(read(path)).rejects.toThrow(
          `must be a file, got a device. Write the sound to a file first. File: ${path}`,
        );
      }
    },
  );

  unix('a pipe that nobody writes to is refused, and not waited for', async () => {
    const path = join(folder, 'pipe.wav');
    execFileSync('mkfifo', [path]);
    await expect(readAudio(path)).rejects.toThrow(/must be a file, got a pipe/);
  });

  it('a folder is told by its error of Node', async () => {
    await expect(readAudio(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
