import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import { scanDataset } from '@serial-oe/datasets/node';
import { type Answer, type Answers, lineAnswers, parseAnswer } from '../src/label/answers';
import { type LabelOptions, labelRecordings } from '../src/label/label-recordings';
import { findPlayer } from '../src/label/player';
import {
  type SortedPlace,
  sortedBefore,
  sortRecording,
  unsortedRecordings,
} from '../src/label/sorted-recordings';
import { terminalSpectrogram } from '../src/label/terminal-spectrogram';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'serial-oe-label-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (...names: string[]) => join(root, ...names);
const write = (...files: string[]) => {
  for (const file of files) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), `sound of ${file}`);
  }
};
const filesIn = (folder: string): string[] =>
  existsSync(at(folder))
    ? readdirSync(at(folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(at(folder), join(entry.parentPath, entry.name)))
        .sort()
    : [];
const place = (more: Partial<SortedPlace> = {}): SortedPlace => ({
  ...{ out: at('out'), machineType: 'fan', machineId: '00', isCopying: false },
  ...more,
});
const recordings = (folder = 'events') =>
  unsortedRecordings(at(folder), { out: at('out'), only: undefined }).recordings;

/** Presses these keys one after the other. */
function pressing(...answers: (Answer | null)[]): Answers {
  const left = [...answers];
  return { next: async () => (left.length === 0 ? 'quit' : left.shift()!), close: () => {} };
}

async function label(answers: (Answer | null)[], more: Partial<LabelOptions> = {}) {
  const told: string[] = [];
  const shown: string[] = [];
  const summary = await labelRecordings(recordings(), {
    ...{
      place: place(),
      label: undefined,
      answers: pressing(...answers),
      signal: new AbortController().signal,
    },
    listener: {
      present: async ({ path }) => {
        if (path.includes('broken')) throw new Error('no WAV file.');
        shown.push(relative(at('events'), path));
      },
      replay: () => told.push('replayed'),
      hush: () => {},
      ask: () => {},
      tell: (message) => told.push(message.replace(`${root}/`, '')),
      warn: (message) => told.push(`warning: ${message}`),
    },
    ...more,
  });
  return { summary, told, shown };
}

describe('labelRecordings', () => {
  it('sorts what is said, asks again for what is none, and leaves what is skipped and not reached', async () => {
    write('events/a.wav', 'events/b.wav', 'events/c.wav', 'events/d.wav', 'events/day 1/e.wav');
    const { summary, told, shown } = await label(['anomaly', null, 'replay', 'normal', 'skip', 'quit']);
    expect(summary).toEqual({ nAnomaly: 1, nNormal: 1, nSkipped: 1, nSortedBefore: 0, nFailed: 0, nLeft: 2 });
    expect(shown).toEqual(['a.wav', 'b.wav', 'c.wav', 'd.wav']);
    expect(told).toEqual([
      'anomaly: out/fan/id_00/anomaly/a.wav',
      'replayed',
      'normal: out/fan/id_00/normal/b.wav',
    ]);
    expect(filesIn('events')).toEqual(['c.wav', 'd.wav', join('day 1', 'e.wav')]);
    expect(readFileSync(at('out/fan/id_00/anomaly/a.wav'), 'utf8')).toBe('sound of events/a.wav');
  });

  it('takes answers back, the skipped ones too, as far as there are any', async () => {
    write('events/a.wav', 'events/b.wav');
    const { summary, told } = await label(['back', 'anomaly', 'back', 'normal', 'skip']);
    expect(summary).toMatchObject({ nAnomaly: 0, nNormal: 1, nSkipped: 1, nLeft: 0 });
    expect(told[0]).toBe('nothing to take back');
    expect(filesIn('out')).toEqual([join('fan', 'id_00', 'normal', 'a.wav')]);
    expect(filesIn('events')).toEqual(['b.wav']);
  });

  it('does not ask again for what was copied, and clears what a killed run had copied to another disk', async () => {
    write('events/a.wav', 'events/b.wav');
    await label(['anomaly'], { place: place({ isCopying: true }) });
    expect(filesIn('events')).toEqual(['a.wav', 'b.wav']);
    const { summary, shown } = await label(['normal'], { place: place({ isCopying: true }) });
    expect(summary).toMatchObject({ nSortedBefore: 1, nNormal: 1 });
    expect(shown).toEqual(['b.wav']);
    expect((await label([])).summary).toMatchObject({ nSortedBefore: 2, nLeft: 0 });
    expect(filesIn('events')).toEqual([]);
  });

  it('tells what cannot be read and goes on, also back over it', async () => {
    write('events/a.wav', 'events/broken.wav', 'events/c.wav');
    const { summary, told } = await label(['normal', 'back', 'anomaly', 'skip']);
    expect(summary).toMatchObject({ nAnomaly: 1, nNormal: 0, nSkipped: 1, nFailed: 1, nLeft: 0 });
    expect(told[1]).toBe('warning: no WAV file. It is left where it is.');
  });

  it('sorts all alike without asking, and stops when it is told to', async () => {
    write('events/a.wav', 'events/b.wav');
    const stopped = label([], { label: 'normal', answers: null, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);
    expect((await label([], { label: 'normal', answers: null })).summary).toMatchObject({
      nNormal: 2,
      nLeft: 0,
    });
  });
});

describe('the place of sorted recordings', () => {
  it('is read as what they are, whatever their names say', async () => {
    write(
      'events/2026-11-29/anomaly_id_02_00000001.wav',
      'events/ok.wav',
      'events/20261129T193000.250Z_plant_pump-3.wav',
    );
    const listed = recordings();
    for (const each of listed) await sortRecording(place({ machineId: undefined }), each, 'normal');
    const names = filesIn('out/fan').map((name) => name.replace(/[0-9a-f]{12}(?=\.wav)/, 'HASH'));
    expect(names).toEqual([
      join('id_02', 'normal', '2026-11-29_recording-HASH.wav'),
      join('normal', '20261129T193000.250Z_plant_pump-3.wav'),
      join('normal', 'recording-HASH.wav'),
    ]);
    const { clips } = scanDataset(at('out'));
    expect(clips.map(({ machineType, label: read, split }) => [machineType, read, split])).toEqual(
      listed.map(() => ['fan', 'normal', 'train']),
    );
  });

  it('never takes the place of another recording, and knows one that it has', async () => {
    write('events/a.wav', 'others/a.wav');
    const [own] = recordings();
    const [other] = recordings('others');
    await sortRecording(place({ isCopying: true }), own!, 'anomaly');
    expect(await sortedBefore(place(), own!)).toBe(at('out/fan/id_00/anomaly/a.wav'));
    expect(await sortedBefore(place(), other!)).toBeNull();
    const { target, undo } = await sortRecording(place(), other!, 'anomaly');
    expect(target).toBe(at('out/fan/id_00/anomaly/a-2.wav'));
    await undo();
    expect(filesIn('others')).toEqual(['a.wav']);
  });

  it('leaves out what is sorted within the folder, and what was not asked for', () => {
    write('events/pump-3_a.wav', 'events/pump-4_b.wav', 'events/sorted/fan/normal/pump-3_c.wav');
    const { recordings: found } = unsortedRecordings(at('events'), {
      out: at('events/sorted'),
      only: 'pump-3',
    });
    expect(found.map(({ name }) => name)).toEqual(['pump-3_a.wav']);
  });
});

describe('terminalSpectrogram', () => {
  const sampleRate = 16000;
  const tone = Float32Array.from({ length: sampleRate }, (_, i) =>
    i < sampleRate / 2 ? Math.sin((2 * Math.PI * 7000 * i) / sampleRate) : 0,
  );

  it('shows a tone where it sounds: high at the top, early at the left', () => {
    const text = terminalSpectrogram(tone, { sampleRate, width: 47, height: 8, hasColor: false });
    const lines = text.split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.slice(0, 8).every((line) => line.length === 47)).toBe(true);
    const loud = lines.slice(0, 8).map((line) => [...line.slice(7)].filter((cell) => cell === '█').length);
    expect(loud[0]).toBeGreaterThan(15);
    expect(loud.slice(2).every((n) => n < 3)).toBe(true);
    expect(lines[0]!.slice(7 + 22).trim()).not.toContain('█');
    expect(lines[0]).toMatch(/^ 8 kHz /);
    expect(lines[8]).toMatch(/^ {7}0 +1\.0 s$/);
  });

  it('colours half blocks, resets the colour, and takes silence and sounds of a few samples', () => {
    const ESC = String.fromCharCode(27);
    for (const waveform of [tone, new Float32Array(2000), Float32Array.of(0.1)]) {
      const text = terminalSpectrogram(waveform, { sampleRate, width: 30, height: 3, hasColor: true });
      const [first] = text.split('\n');
      expect(first!.split('▀')).toHaveLength(24);
      expect(first!.endsWith(`${ESC}[0m`)).toBe(true);
      expect(text).not.toContain('undefined');
    }
  });
});

describe('answers', () => {
  it('are words or their first letters', () => {
    expect(['a', 'Anomaly ', 'n', 'b', 'q', 'x', ''].map(parseAnswer)).toEqual([
      ...['anomaly', 'anomaly', 'normal', 'back', 'quit'],
      ...[null, null],
    ]);
  });

  it('come line by line, and end with the input', async () => {
    const input = new PassThrough();
    const answers = lineAnswers(input);
    const { signal } = new AbortController();
    input.end('normal\nwhat\na\n');
    expect([await answers.next(signal), await answers.next(signal), await answers.next(signal)]).toEqual([
      ...['normal', null, 'anomaly'],
    ]);
    expect(await answers.next(signal)).toBe('quit');
    answers.close();
  });
});

describe('findPlayer', () => {
  it('takes what is installed, what is asked for, or none', async () => {
    expect(findPlayer(undefined, root)).toBeNull();
    expect(findPlayer('none', root)).toBeNull();
    writeFileSync(at('paplay'), '#!/bin/sh\nexit 0\n');
    chmodSync(at('paplay'), 0o755);
    expect(findPlayer(undefined, `/nowhere:${root}`)!.name).toBe('paplay');
    const own = findPlayer(`${process.execPath} -e 0`)!;
    expect(await own.play('x.wav')).toBeNull();
    expect(await findPlayer('/no/such/player')!.play('x.wav')).toMatch(/ENOENT/);
    expect(await findPlayer('false')!.play('x.wav')).toBe('false: exit code 1');
  });

  it('stops what plays', async () => {
    const player = findPlayer('sleep')!;
    const played = player.play('20');
    player.stop();
    expect(await played).toBeNull();
  });
});
