import * as fs from 'node:fs';
import * as path from 'node:path';
import { encodeWav } from '@serial-oe/audio-features';
import { type Clip, DatasetError, seededRandom } from '../src';
import { checkDataset, type DatasetCheck, type DatasetProblemKind } from '../src/node';
import { temporaryFolder } from './support/temporary-folder';

const RATE = 16_000;
const { root } = temporaryFolder();
const at = (...names: string[]) => path.join(root, ...names);

/** Noise of its own for each name, so that no two recordings are the same. */
function noise(name: string, { seconds = 2, rate = RATE, level = 0.1 } = {}): Float32Array {
  const random = seededRandom(0, name);
  return Float32Array.from({ length: Math.round(seconds * rate) }, () => level * (2 * random() - 1));
}

function write(file: string, channels: Float32Array[], { rate = RATE, bitDepth = 16 as 16 | 24 } = {}): void {
  fs.mkdirSync(path.dirname(at(file)), { recursive: true });
  fs.writeFileSync(at(file), encodeWav({ sampleRate: rate, channels }, { bitDepth }));
}

/** Two types with two machines each, 2 training clips and 1 + 1 test clips a machine. */
function writeGoodSet(folder: string): void {
  for (const type of ['press', 'saw']) {
    for (const id of ['00', '01']) {
      for (const name of ['train/normal/0', 'train/normal/1', 'test/normal/0', 'test/anomaly/0']) {
        const file = `${folder}/${type}/${id}/${name}.wav`;
        write(file, [noise(file)]);
      }
    }
  }
}

const of = ({ problems }: DatasetCheck, kind: DatasetProblemKind) =>
  problems.filter((each) => each.kind === kind);
const kinds = ({ problems }: DatasetCheck) => problems.map(({ kind }) => kind);
const named = (paths: readonly string[]) =>
  paths.map((each) => path.relative(root, each).split(path.sep).join('/'));

describe('checkDataset on a good set', () => {
  let check: DatasetCheck;
  beforeAll(async () => {
    writeGoodSet('good');
    check = await checkDataset(at('good'));
  });

  it('finds that few anomalies are few, and nothing else', () => {
    expect(kinds(check)).toEqual(['fewAnomalies']);
    expect(check).toMatchObject({ name: 'good', nClips: 16, expected: 'none' });
    expect(check.problems[0]).toMatchObject({
      severity: 'warning',
      prevents: ['few-anomalies', 'contamination'],
      machines: [
        { machineType: 'press', machineId: '00' },
        { machineType: 'press', machineId: '01' },
        { machineType: 'saw', machineId: '00' },
        { machineType: 'saw', machineId: '01' },
      ],
    });
    expect(check.problems[0]?.message).toMatch(/^press 00, 01; saw 00, 01: .*at most 0 can be put aside/);
  });

  it('has a row a machine', () => {
    expect(check.machines).toHaveLength(4);
    expect(check.machines[3]).toEqual({
      ...{ machineType: 'saw', machineId: '01', nUnreadable: 0, seconds: [2, 2] },
      ...{ nTrainNormal: 2, nTrainAnomalous: 0, nTestNormal: 1, nTestAnomalous: 1 },
      ...{ sampleRates: [RATE], channels: [1] },
    });
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    await checkDataset(at('good'), { onProgress: ({ nDone, nTotal }) => seen.push(nDone / nTotal) });
    expect(seen).toHaveLength(16);
    expect(seen.at(-1)).toBe(1);
  });

  it('stops between two clips', async () => {
    const controller = new AbortController();
    const onProgress = ({ nDone }: { nDone: number }) => nDone === 3 && controller.abort();
    await expect(checkDataset(at('good'), { signal: controller.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('recordings that cannot be used', () => {
  let check: DatasetCheck;
  beforeAll(async () => {
    writeGoodSet('broken');
    const train = 'broken/press/00/train/normal';
    const whole = encodeWav({ sampleRate: RATE, channels: [noise('whole')] }, { bitDepth: 16 });
    fs.writeFileSync(at(train, 'text.wav'), 'this is no recording');
    fs.writeFileSync(at(train, 'cut-a.wav'), whole.subarray(0, whole.length - 1000));
    fs.writeFileSync(at(train, 'cut-b.wav'), whole.subarray(0, whole.length - 2000));
    fs.writeFileSync(at(train, 'head.wav'), whole.subarray(0, 20));
    const floats = encodeWav({ sampleRate: RATE, channels: [noise('floats')] }, { encoding: 'float' });
    new DataView(floats.buffer, floats.byteOffset).setFloat32(floats.byteLength - 8, Number.NaN, true);
    fs.writeFileSync(at(train, 'nan.wav'), floats);
    write(`${train}/silent.wav`, [new Float32Array(2 * RATE)]);
    write(`${train}/silent-again.wav`, [new Float32Array(2 * RATE)]);
    write(`${train}/stuck.wav`, [new Float32Array(2 * RATE).fill(1)]);
    write(`${train}/loud.wav`, [noise('loud', { level: 1.1 }).map((x) => Math.max(-1, Math.min(1, x)))]);
    write(`${train}/short.wav`, [noise('short', { seconds: 1.5 })]);
    check = await checkDataset(at('broken'));
  });

  it('are named by what is wrong, alike ones together', () => {
    const unreadable = of(check, 'unreadable').map(({ message, paths }) => [message, ...named(paths)]);
    const train = 'broken/press/00/train/normal';
    expect(unreadable).toEqual([
      [
        expect.stringMatching(/^2 clip\(s\) cannot be read: the data chunk must lie inside the file/),
        `${train}/cut-a.wav`,
        `${train}/cut-b.wav`,
      ],
      [expect.stringMatching(/^1 clip\(s\) cannot be read/), `${train}/head.wav`],
      [expect.stringMatching(/RIFF/), `${train}/text.wav`],
    ]);
    for (const [message] of unreadable) expect(message).not.toContain(root);
    expect(named(of(check, 'notFinite')[0]!.paths)).toEqual([`${train}/nan.wav`]);
  });

  it('are counted', () => {
    expect(check.machines[0]).toMatchObject({
      machineId: '00',
      nTrainNormal: 12,
      nUnreadable: 5,
      seconds: [1.5, 2],
    });
  });

  it.each([
    ['constant', 'error', ['silent-again', 'silent', 'stuck']],
    ['clipped', 'warning', ['loud']],
    ['tooShort', 'error', ['short']],
    ['length', 'warning', ['short']],
  ] as const)('%s', (kind, severity, names) => {
    const [found, ...others] = of(check, kind);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity });
    expect(named(found!.paths)).toEqual(names.map((name) => `broken/press/00/train/normal/${name}.wav`));
  });

  it('may be as short as the caller says', async () => {
    expect(kinds(await checkDataset(at('broken'), { minSeconds: 1.5 }))).not.toContain('tooShort');
    await expect(checkDataset(at('broken'), { minSeconds: Number.NaN })).rejects.toThrow(
      /minSeconds must be/,
    );
  });

  it('does not take silence for a duplicate, and puts errors first', () => {
    expect(kinds(check)).not.toContain('duplicate');
    const severities = check.problems.map(({ severity }) => severity);
    expect(severities).toEqual([...severities].sort());
  });
});

describe('recordings of another format', () => {
  beforeAll(() => {
    writeGoodSet('formats');
    write('formats/saw/00/train/normal/44k.wav', [noise('44k', { rate: 44_100 })], { rate: 44_100 });
    write('formats/saw/01/test/normal/stereo.wav', [noise('left'), noise('right')]);
    write('formats/saw/01/test/normal/long.wav', [noise('long', { seconds: 3.25 })]);
  });

  it('are warned of', async () => {
    const check = await checkDataset(at('formats'));
    expect(of(check, 'sampleRate')).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('other than 16000 Hz: 44100 (1)') },
    ]);
    expect(named(of(check, 'channels')[0]!.paths)).toEqual(['formats/saw/01/test/normal/stereo.wav']);
    expect(of(check, 'length')[0]?.message).toBe('saw: 1 clip(s) are not 2 s long, but 3.25 s.');
  });

  it('are errors in DCASE2020', async () => {
    const check = await checkDataset(at('formats'), { expected: 'dcase2020' });
    expect(of(check, 'sampleRate')[0]?.severity).toBe('error');
    expect(of(check, 'channels')[0]?.severity).toBe('error');
  });
});

describe('the same recording more than once', () => {
  beforeAll(() => {
    writeGoodSet('twice');
    const copy = (from: string, to: string) => fs.copyFileSync(at('twice', from), at('twice', to));
    copy('saw/00/train/normal/0.wav', 'saw/00/test/normal/leaked.wav');
    copy('press/00/test/normal/0.wav', 'press/00/test/anomaly/same.wav');
    copy('press/01/train/normal/1.wav', 'press/01/train/normal/again.wav');
    // the same samples in another file: 24 bits hold 16 exactly
    const samples = noise('depths').map((x) => Math.round(x * 32768) / 32768);
    write('twice/press/01/test/normal/16-bit.wav', [samples]);
    write('twice/press/01/test/normal/24-bit.wav', [samples], { bitDepth: 24 });
  });

  it('is found by its samples', async () => {
    const check = await checkDataset(at('twice'));
    const found = (kind: DatasetProblemKind) =>
      of(check, kind).map(({ severity, groups }) => [severity, ...groups!.map(named)]);
    expect(found('leak')).toEqual([
      ['error', ['twice/saw/00/test/normal/leaked.wav', 'twice/saw/00/train/normal/0.wav']],
    ]);
    expect(found('contradiction')).toEqual([
      ['error', ['twice/press/00/test/anomaly/same.wav', 'twice/press/00/test/normal/0.wav']],
    ]);
    expect(found('duplicate')).toEqual([
      [
        'warning',
        ['twice/press/01/test/normal/16-bit.wav', 'twice/press/01/test/normal/24-bit.wav'],
        ['twice/press/01/train/normal/1.wav', 'twice/press/01/train/normal/again.wav'],
      ],
    ]);
  });
});

describe('machines and splits', () => {
  const clip = (part: Partial<Clip>): Clip => ({
    ...{ machineType: 'fan', machineId: '00', label: 'normal', split: 'train', path: '' },
    ...part,
  });

  /** A set in memory, all its recordings sound. */
  function inMemory(...parts: Partial<Clip>[]): Clip[] {
    return parts.map((part, i) => ({
      ...clip(part),
      path: `${i}.wav`,
      waveform: noise(`${i}`),
      sampleRate: RATE,
    }));
  }

  it('says what too few clips prevent', async () => {
    const check = await checkDataset({
      clips: inMemory(
        {},
        { split: 'test' },
        { machineId: 'B' },
        { machineId: 'C', split: 'test' },
        { machineId: 'C', split: 'test', label: 'anomaly' },
        { machineId: 'D' },
        { machineId: 'D', split: 'test', label: 'anomaly' },
        { machineType: 'kiln', machineId: 'A' },
        { machineType: 'kiln', machineId: 'A', split: 'test' },
        { machineType: 'kiln', machineId: 'A', split: 'test', label: 'anomaly' },
      ),
    });
    const machines = (kind: DatasetProblemKind) =>
      of(check, kind).map(({ message, prevents }) => [message.split(':')[0], ...(prevents ?? [])]);
    expect(machines('noTraining')).toEqual([['fan C', 'training']]);
    expect(machines('noTest')).toEqual([['fan B', 'AUC']]);
    expect(machines('noAnomalies')).toEqual([['fan 00', 'AUC', 'few-anomalies', 'contamination']]);
    expect(machines('noNormals')).toEqual([['fan D', 'AUC']]);
    expect(machines('singleId')).toEqual([['kiln A', 'id-loss', 'embedding']]);
    expect(check.problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('needs two types, and normal clips at all', async () => {
    const one = await checkDataset({ clips: inMemory({}, { machineId: '02' }) });
    expect(of(one, 'singleType')).toMatchObject([{ severity: 'warning', prevents: ['training'] }]);
    const none = await checkDataset({ clips: inMemory({ split: 'test' }) });
    expect(none.problems[0]).toMatchObject({ severity: 'error', kind: 'noTraining' });
  });

  it('names the machines of DCASE2020 that are missing', async () => {
    const clips = inMemory(
      ...['00', '02', '06', '01', '09'].map((machineId) => ({ machineId })),
      { machineType: 'ToyConveyor', machineId: '01' },
      { machineType: 'kiln' },
    );
    const lax = await checkDataset({ clips, name: 'mine' });
    for (const kind of ['missingMachine', 'missingType', 'unexpectedMachine'] as const) {
      expect(of(lax, kind)).toEqual([]);
    }
    const strict = await checkDataset({ clips, name: 'my DCASE-2020 copy' });
    expect(of(strict, 'missingMachine').map(({ message }) => message)).toEqual([
      "Machines of DCASE2020's development data set that are not here: fan 04; ToyConveyor 02, 03.",
      "Machines of DCASE2020's additional training data set that are not here: fan 03, 05; ToyConveyor 04, 05, 06.",
    ]);
    const asked = await checkDataset({ clips, name: 'mine' }, { expected: 'dcase2020' });
    expect(of(asked, 'missingMachine')).toEqual(of(strict, 'missingMachine'));
    expect(strict.expected).toBe('dcase2020');
    expect(of(strict, 'unexpectedMachine')[0]?.machines).toEqual([
      { machineType: 'fan', machineId: '09' },
      { machineType: 'kiln', machineId: '00' },
    ]);
    expect(of(strict, 'missingType')[0]?.message).toContain('pump, slider, valve, ToyCar');
    expect(of(strict, 'noTest')[0]?.message).not.toContain('01,'); // published without labels
    expect(of(lax, 'noTest')[0]?.message).toContain('01,');
  });

  it('tells of anomalies in train, which DCASE2020 has not', async () => {
    const clips = inMemory({}, { machineType: 'saw' }, { label: 'anomaly' });
    const lax = await checkDataset({ clips });
    expect(of(lax, 'trainAnomaly')).toMatchObject([{ severity: 'warning', paths: ['2.wav'] }]);
    const strict = await checkDataset({ clips }, { expected: 'dcase2020' });
    expect(of(strict, 'trainAnomaly')[0]?.severity).toBe('error');
  });

  it('passes on what the scan left out, and says each thing once', async () => {
    for (const name of [
      'train/normal_id_00_00000000',
      'train/anomaly_id_00_00000000',
      'test/id_01_00000000',
    ]) {
      write(`dcase2020/fan/${name}.wav`, [noise(name)]);
    }
    const check = await checkDataset(at('dcase2020'));
    expect(of(check, 'layout').map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /1 recording\(s\) left out \(no label, as in the evaluation data.*id_01_00000000\.wav/,
      ),
    ]);
    expect(of(check, 'trainAnomaly')).toHaveLength(1);
  });

  it('finds samples in memory that are not finite, and files that are gone', async () => {
    const clips = inMemory({}, {});
    clips[1]!.waveform![3] = Number.POSITIVE_INFINITY;
    clips.push(clip({ path: at('gone.wav') }));
    const check = await checkDataset({ clips });
    expect(of(check, 'notFinite')).toMatchObject([{ severity: 'error', paths: ['1.wav'] }]);
    expect(of(check, 'unreadable')).toMatchObject([
      { message: '1 clip(s) cannot be read: ENOENT: no such file or directory.', paths: [at('gone.wav')] },
    ]);
  });

  it('reads a manifest', async () => {
    write('csv/a.wav', [noise('a')]);
    fs.writeFileSync(
      at('csv/list.csv'),
      'path,machineType,machineId,label,split\na.wav,fan,00,normal,train\n',
    );
    expect(await checkDataset(at('csv/list.csv'))).toMatchObject({ name: 'list', nClips: 1 });
  });

  it('refuses what is no data set', async () => {
    await expect(checkDataset(at('nowhere'))).rejects.toThrow(DatasetError);
    await expect(checkDataset(7 as unknown as string)).rejects.toThrow(/source must be a path or a data set/);
  });
});
