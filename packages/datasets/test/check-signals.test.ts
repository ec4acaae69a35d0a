import * as fs from 'node:fs';
import * as path from 'node:path';
import { encodeWav } from '@serial-oe/audio-features';
import { seededRandom, synthesizeMachineSounds } from '../src';
import { checkDataset, type DatasetCheck, type DatasetProblemKind, loadClip, scanDataset } from '../src/node';
import { temporaryFolder } from './support/temporary-folder';

const RATE = 16_000;
const N = 2.5 * RATE;
const { root } = temporaryFolder();

type Maker = (sound: Float32Array, random: () => number) => Float32Array[];

/** A hum with noise, of its own for each name. */
function hum(name: string): Float32Array {
  const random = seededRandom(0, name);
  const phase = 6 * random();
  return Float32Array.from(
    { length: N },
    (_, i) => 0.2 * Math.sin(0.047 * i + phase) + 0.04 * (random() - 0.5),
  );
}

/** A copy with other samples at some places. */
function put(sound: Float32Array, samples: Record<number, number>): Float32Array {
  const changed = sound.slice();
  for (const [index, value] of Object.entries(samples)) changed[Number(index)] = value;
  return changed;
}

interface FaultyCase {
  kind: DatasetProblemKind;
  severity: 'error' | 'warning';
  make: Maker;
  isFloat?: boolean;
}

const steps = (n: number) => (random: () => number) => Math.round((2 * random() - 1) * n) / 32768;

/** Several of each kind. */
const FAULTY: Readonly<Record<string, FaultyCase>> = {
  silence: { kind: 'constant', severity: 'error', make: (x) => [x.map(() => 0)] },
  silence_stereo: { kind: 'constant', severity: 'error', make: (x) => [x.map(() => 0), x.map(() => 0)] },
  stuck: { kind: 'constant', severity: 'error', make: (x) => [x.map(() => 0.25)] },
  dither: { kind: 'ditherOnly', severity: 'error', make: (x, r) => [x.map(() => steps(1)(r))] },
  dither_wide: { kind: 'ditherOnly', severity: 'error', make: (x, r) => [x.map(() => steps(3)(r))] },
  dither_offset: { kind: 'ditherOnly', severity: 'error', make: (x, r) => [x.map(() => 0.01 + steps(1)(r))] },
  denormal: { kind: 'ditherOnly', severity: 'error', isFloat: true, make: (x) => [x.map((v) => v * 1e-38)] },
  opposite: { kind: 'cancelling', severity: 'error', make: (x) => [x, x.map((v) => -v)] },
  opposite_nearly: { kind: 'cancelling', severity: 'error', make: (x) => [x, x.map((v) => -0.995 * v)] },
  opposite_4ch: {
    kind: 'cancelling',
    severity: 'error',
    make: (x) => [x, x.map((v) => -v), x, x.map((v) => -v)],
  },
  spike: { kind: 'absurdSample', severity: 'error', isFloat: true, make: (x) => [put(x, { 99: 1e30 })] },
  spikes: {
    kind: 'absurdSample',
    severity: 'error',
    isFloat: true,
    make: (x) => [put(x, { 99: -1e6, 500: 3e5 })],
  },
  everywhere: {
    kind: 'absurdSample',
    severity: 'error',
    isFloat: true,
    make: (x) => [x.map((_, i) => (i % 2 ? 3e38 : -3e38))],
  },
  integers_16: {
    kind: 'integerScale',
    severity: 'warning',
    isFloat: true,
    make: (x) => [x.map((v) => v * 32768)],
  },
  integers_24: {
    kind: 'integerScale',
    severity: 'warning',
    isFloat: true,
    make: (x) => [x.map((v) => v * 2 ** 23)],
  },
  clipped: {
    kind: 'clipped',
    severity: 'warning',
    make: (x) => [x.map((v) => Math.max(-1, Math.min(1, 20 * v)))],
  },
  clipped_below: {
    kind: 'clipped',
    severity: 'warning',
    make: (x) => [x.map((v) => Math.max(-0.1, Math.min(0.1, v)))],
  },
  clipped_above_alone: {
    kind: 'clipped',
    severity: 'warning',
    make: (x) => [x.map((v) => Math.min(0.1, v))],
  },
  dead_channel: { kind: 'deadChannel', severity: 'warning', make: (x) => [x, x.map(() => 0)] },
  dead_channel_dither: {
    kind: 'deadChannel',
    severity: 'warning',
    make: (x, r) => [x.map(() => steps(1)(r)), x, x],
  },
  dead_end: { kind: 'partlyDead', severity: 'warning', make: (x) => [x.map((v, i) => (i < N / 2 ? v : 0))] },
  dead_start_dither: {
    kind: 'partlyDead',
    severity: 'warning',
    make: (x, r) => [x.map((v, i) => (i > N / 2 ? v : steps(1)(r)))],
  },
  dead_now_and_then: {
    kind: 'partlyDead',
    severity: 'warning',
    make: (x) => [x.map((v, i) => (i % 8000 < 3000 ? 0.02 : v))],
  },
  dead_float: {
    kind: 'partlyDead',
    severity: 'warning',
    isFloat: true,
    make: (x) => [x.map((v, i) => (i < N / 2 ? v : 0))],
  },
  offset: { kind: 'offset', severity: 'warning', make: (x) => [x.map((v) => v + 0.5)] },
  offset_below: { kind: 'offset', severity: 'warning', make: (x) => [x.map((v) => v - 0.3)] },
  quiet: { kind: 'quiet', severity: 'warning', make: (x) => [x.map((v) => v / 40)] },
  quieter: { kind: 'quiet', severity: 'warning', isFloat: true, make: (x) => [x.map((v) => v / 400)] },
  loud: { kind: 'loud', severity: 'warning', isFloat: true, make: (x) => [x.map((v) => v * 7)] },
};

/** What no fault may be found in. */
const GOOD: Readonly<Record<string, { make: Maker; isFloat?: boolean; bitDepth?: 8 | 16 | 24 }>> = {
  plain: { make: (x) => [x] },
  stereo: { make: (x, r) => [x, x.map((v) => v + 0.1 * (r() - 0.5))] },
  stereo_late: { make: (x) => [x, x.map((_, i) => x[Math.max(0, i - 40)]!)] }, // two microphones apart
  half_level: { make: (x) => [x.map((v) => v / 2)] },
  float_beyond_1: { isFloat: true, make: (x) => [x.map((v) => v * 5)] },
  eight_bits: { bitDepth: 8, make: (x) => [x] },
  a_low_tone: { make: (x) => [x.map((_, i) => 0.3 * Math.sin(0.02 * i))] },
  a_low_tone_of_8_bits: { bitDepth: 8, make: (x) => [x.map((_, i) => 0.3 * Math.sin(0.02 * i))] },
  a_click: { make: (x) => [put(x, { 500: 0.999 })] },
  strokes: { make: (x) => [x.map((v, i) => v * (i % 8000 < 2000 ? 2 : 0.01))] }, // a valve: quiet, not dead, between
  a_short_gap: { make: (x) => [x.map((v, i) => (i < 3000 ? 0 : v))] },
  '24_bits': { bitDepth: 24, make: (x) => [x] },
};

function write(
  folder: string,
  name: string,
  { make, isFloat, bitDepth = 16 }: (typeof GOOD)[string],
): string {
  const file = path.join(root, folder, 'fan/00/train/normal', `${name}.wav`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const channels = make(hum(name), seededRandom(1, name));
  const options = isFloat ? { encoding: 'float' as const } : { bitDepth };
  fs.writeFileSync(file, encodeWav({ sampleRate: RATE, channels }, options));
  return file;
}

const SIGNAL_KINDS: readonly DatasetProblemKind[] = [
  ...new Set(Object.values(FAULTY).map(({ kind }) => kind)),
];
const namesOf = ({ paths }: { paths: string[] }) => paths.map((each) => path.basename(each, '.wav')).sort();

describe('what a person would hear', () => {
  let check: DatasetCheck;
  beforeAll(async () => {
    for (const [name, faulty] of Object.entries(FAULTY)) write('faulty', name, faulty);
    for (let i = 0; i < 40; i++) write('faulty', `good-${i}`, GOOD.plain!); // most of the machine, so that its level is usual
    check = await checkDataset(path.join(root, 'faulty'));
  }, 60_000);

  it.each(SIGNAL_KINDS)('%s is found in each clip that has it, and in no other', (kind) => {
    const found = check.problems.filter((problem) => problem.kind === kind);
    const expected = Object.entries(FAULTY).filter(([, faulty]) => faulty.kind === kind);
    expect(found).toHaveLength(1);
    expect(found[0]!.severity).toBe(expected[0]![1].severity);
    const mayToo = kind === 'loud' ? ['clipped'] : []; // which was made 26 dB louder
    expect(namesOf(found[0]!).filter((name) => !mayToo.includes(name))).toEqual(
      expected.map(([name]) => name).sort(),
    );
    expect(found[0]!.message).toMatch(
      new RegExp(`^(fan 00: )?${expected.length + mayToo.length} clip\\(s\\) `),
    );
    for (const each of check.problems) expect(each.message).not.toContain(root);
  });

  it('is not found in good recordings', async () => {
    for (const [name, good] of Object.entries(GOOD)) write('good', name, good);
    const { problems } = await checkDataset(path.join(root, 'good'));
    const alarms = problems.filter(({ kind }) => SIGNAL_KINDS.includes(kind));
    expect(alarms.map((each) => [each.kind, each.message, ...namesOf(each)])).toEqual([]);
  });
});

it('nothing is found in synthetic machine sounds, whatever the machine', async () => {
  const clips = synthesizeMachineSounds({
    nIds: 2,
    nTrain: 3,
    nTest: 2,
    durationSeconds: 3,
  });
  const { problems } = await checkDataset({ clips });
  expect(problems.filter(({ kind }) => SIGNAL_KINDS.includes(kind))).toEqual([]);
}, 60_000);

describe('files of other kinds', () => {
  const golden = path.join(__dirname, '../../audio-features/test/golden/compressed-files.json');
  const { files } = JSON.parse(fs.readFileSync(golden, 'utf8')) as {
    files: { name: string; base64: string; nSamples: number; sampleRate: number }[];
  };
  const NAMES = {
    flac_16_1ch: 'a.flac',
    mp3_1ch: 'b.MP3',
    vorbis_1ch: 'c.ogg',
    flac_ogg: 'd.oga',
    opus_1ch: 'e.opus',
  };
  const folder = path.join(root, 'kinds/fan/00/train/normal');
  const save = (name: string, bytes: Uint8Array) => {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  const bytesOf = (name: string) => Buffer.from(files.find((file) => file.name === name)!.base64, 'base64');

  it('are scanned, read and checked as WAV is', async () => {
    for (const [golden, name] of Object.entries(NAMES)) save(name, bytesOf(golden));
    const { clips } = scanDataset(path.join(root, 'kinds'));
    expect(clips.map((clip) => path.basename(clip.path))).toEqual(Object.values(NAMES));
    for (const [golden, name] of Object.entries(NAMES)) {
      const { nSamples, sampleRate } = files.find((file) => file.name === golden)!;
      const audio = await loadClip({ path: path.join(folder, name) });
      expect([audio.waveform.length, audio.sampleRate]).toEqual([nSamples, sampleRate]);
    }
    const { problems } = await checkDataset(path.join(root, 'kinds'), { minSeconds: 0 });
    expect(problems.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
  });

  it('that cannot be read are named by what they are, the path once', async () => {
    const cases: [string, Uint8Array, RegExp][] = [
      [
        'lfs.wav',
        Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
        /Git LFS pointer.*git lfs pull/,
      ],
      ['page.wav', Buffer.from('<!DOCTYPE html><html>'), /HTML page/],
      [
        'phone.m4a',
        Buffer.from('0000002066747970 4d344120'.replace(' ', ''), 'hex'),
        /M4A.*ffmpeg -i phone\.m4a phone\.wav$/,
      ],
      ['cut.flac', bytesOf('flac_16_1ch').subarray(0, 600), /FLAC must/],
      ['empty.wav', Buffer.alloc(0), /an empty file/],
    ];
    for (const [name, bytes, message] of cases) {
      const file = save(name, bytes);
      const error = (await loadClip({ path: file }).catch((caught: unknown) => caught)) as Error;
      expect(error.message).toMatch(message);
      expect(error.message.split(file)).toHaveLength(2);
      fs.rmSync(file);
    }
    const absent = path.join(folder, 'absent.wav');
    const error = (await loadClip({ path: absent }).catch((caught: unknown) => caught)) as Error;
    expect(error.message.split(absent)).toHaveLength(2);
  });

  it('that were repaired are warned of, alike ones together', async () => {
    const sound = encodeWav({ sampleRate: RATE, channels: [hum('piped')] });
    const piped = (size: number) => {
      const bytes = sound.slice();
      new DataView(bytes.buffer).setUint32(40, size, true);
      return bytes;
    };
    save('piped-a.wav', piped(0xffffffff));
    save('piped-b.wav', piped(0));
    save('byte.wav', sound.slice(0, -1));
    const { problems } = await checkDataset(path.join(root, 'kinds'), { minSeconds: 0 });
    const repaired = problems.filter(({ kind }) => kind === 'repaired');
    expect(repaired.map(namesOf)).toEqual([['byte'], ['piped-a', 'piped-b']]);
    expect(repaired[1]!.message).toMatch(/^2 clip\(s\) read although .* as writers to a pipe leave it/);
  });

  it('that are too short are told in samples', async () => {
    save('short.wav', encodeWav({ sampleRate: RATE, channels: [hum('short').slice(0, 31_999)] }));
    const { problems } = await checkDataset(path.join(root, 'kinds'));
    const [short] = problems.filter(({ kind }) => kind === 'tooShort');
    expect(short!.message).toMatch(/shorter than 2 s, .*: the shortest has \d+ samples at \d+ Hz\.$/);
  });
});
