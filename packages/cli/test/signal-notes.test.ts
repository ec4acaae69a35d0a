import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@serial-oe/audio-features';
import { loadRecording } from '@serial-oe/datasets/node';
import { signalNote } from '../src/score/signal-notes';

const RATE = 16_000;
const LEVEL = 0.1;
const hum = Float32Array.from(
  { length: 2 * RATE },
  (_, i) => LEVEL * Math.SQRT2 * Math.sin(0.05 * i + Math.sin(i)),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-notes-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function noteOf(channels: Float32Array[], { isFloat = false, nCut = 0 } = {}): Promise<string | null> {
  const path = join(folder, 'a clip.wav');
  const bytes = encodeWav({ sampleRate: RATE, channels }, isFloat ? { encoding: 'float' } : {});
  writeFileSync(path, nCut > 0 ? bytes.subarray(0, -nCut) : bytes);
  const note = signalNote(await loadRecording(path), { path, trainingLevel: LEVEL });
  if (note !== null) expect(note.split(path)).toHaveLength(2); // the path, once
  return note?.slice(path.length + 2) ?? null;
}

describe('what score says of a recording besides its score', () => {
  it.each([
    ['a good one', [hum]],
    ['half as loud', [hum.map((x) => x / 2)]],
    ['four times as quiet', [hum.map((x) => x / 4)]],
    ['five times as loud', [hum.map((x) => x * 5)]],
    ['two channels', [hum, hum.map((x) => x * 0.8)]],
  ])('nothing of %s', async (_, channels) => {
    expect(await noteOf(channels)).toBeNull();
  });

  it.each<{ of: string; channels: Float32Array[]; says: RegExp; isFloat?: boolean; nCut?: number }>([
    { of: 'silence', channels: [hum.map(() => 0)], says: /^Silence: every sample is 0\.$/ },
    { of: 'a constant', channels: [hum.map(() => 0.5)], says: /^One and the same value throughout, 0\.5/ },
    { of: 'dither', channels: [hum.map((_, i) => ((i * 7919) % 3) / 32768)], says: /^Dither alone/ },
    { of: 'opposite channels', channels: [hum, hum.map((x) => -x)], says: /^The 2 channels cancel/ },
    {
      of: 'an absurd sample',
      channels: [hum.map((x, i) => (i === 9 ? 1e30 : x))],
      says: /^1 sample\(s\) that no microphone gives, up to 1e\+30/,
      isFloat: true,
    },
    {
      of: 'integers',
      channels: [hum.map((x) => x * 32768)],
      says: /^Floating-point samples on the scale of integers/,
      isFloat: true,
    },
    {
      of: 'half a recording',
      channels: [hum.map((x, i) => (i < RATE ? x : 0))],
      says: /^No sound in 50 % of the recording/,
    },
    { of: 'a dead channel', channels: [hum, hum.map(() => 0)], says: /^No sound in channel 2 of 2/ },
    { of: 'a clipped one', channels: [hum.map((x) => Math.max(-1, Math.min(1, 9 * x)))], says: /^Clipped: / },
    {
      of: 'one ten times as loud',
      channels: [hum.map((x) => x * 10)],
      says: /^Much louder than the training clips, by 20 dB\.$/,
      isFloat: true,
    },
    {
      of: 'one ten times as quiet',
      channels: [hum.map((x) => x / 10)],
      says: /^Much quieter than the training clips, by 20 dB\.$/,
    },
    {
      of: 'a file that misses a byte',
      channels: [hum],
      says: /^The header states 64000 bytes of audio where 63999 follow/,
      nCut: 1,
    },
  ])('what is wrong with $of', async ({ channels, says, ...options }) => {
    expect(await noteOf(channels, options)).toMatch(says);
  });

  it('nothing of the level where the model does not know it', async () => {
    const path = join(folder, 'loud.wav');
    writeFileSync(path, encodeWav({ sampleRate: RATE, channels: [hum.map((x) => x / 10)] }));
    const recording = await loadRecording(path);
    expect(signalNote(recording, { path, trainingLevel: undefined })).toBeNull();
  });
});
