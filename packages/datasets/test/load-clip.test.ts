import * as path from 'node:path';
import { writeWav } from '@serial-oe/audio-features/node';
import { DatasetError } from '../src';
import { loadClip } from '../src/node';
import { temporaryFolder } from './support/temporary-folder';

const { root, touch } = temporaryFolder();
const file = (name: string) => path.join(root, name);

describe('loadClip', () => {
  it('reads a file and averages its channels', async () => {
    const channels = [Float32Array.of(0.5, 0.25, 0), Float32Array.of(0, 0.25, -0.5)];
    await writeWav(file('stereo.wav'), { sampleRate: 8000, channels }, { encoding: 'float', bitDepth: 32 });
    const { waveform, sampleRate } = await loadClip({ path: file('stereo.wav') });
    expect([...waveform]).toEqual([0.25, 0.25, -0.25]);
    expect(sampleRate).toBe(8000);
  });

  it('gives the samples that a clip in memory carries, without a file', async () => {
    const waveform = Float32Array.of(0.1, 0.2);
    expect((await loadClip({ path: 'nowhere.wav', waveform, sampleRate: 16000 })).waveform).toBe(waveform);
    await expect(loadClip({ path: 'nowhere.wav', waveform })).rejects.toThrow(
      /must have a sampleRate.*nowhere/,
    );
  });

  it('names the file that cannot be read, with the reason and the cause', async () => {
    touch('empty.wav');
    await expect(loadClip({ path: file('absent.wav') })).rejects.toThrow(
      /absent\.wav must be a readable WAV file/,
    );
    const error: unknown = await loadClip({ path: file('empty.wav') }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DatasetError);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('refuses samples that are not finite', async () => {
    const waveform = Float32Array.of(0.1, Number.NaN);
    await expect(loadClip({ path: 'x.wav', waveform, sampleRate: 16000 })).rejects.toThrow(
      /must be finite.*x\.wav/,
    );
  });
});
