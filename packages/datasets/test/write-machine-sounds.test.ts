import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Clip, DatasetError, synthesizeMachineSounds } from '../src';
import {
  loadClip,
  type SynthesisManifest,
  scanDataset,
  scanDcase2020,
  type WriteMachineSoundsOptions,
  writeMachineSounds,
} from '../src/node';
import { temporaryFolder } from './support/temporary-folder';

const { root, touch } = temporaryFolder();
const at = (...parts: string[]) => path.join(root, ...parts);
const SMALL = {
  machineTypes: ['fan', 'ToyCar'],
  nIds: 2,
  nTrain: 2,
  nTestNormal: 1,
  nTestAnomalous: 3,
  durationSeconds: 0.2,
  seed: 4,
} satisfies WriteMachineSoundsOptions;
const count = (clips: readonly Clip[], part: Partial<Clip>) =>
  clips.filter((clip) => Object.entries(part).every(([key, value]) => clip[key as keyof Clip] === value))
    .length;
/** Every file below a folder, hidden ones too. */
const filesOf = (folder: string) =>
  fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('writeMachineSounds', () => {
  it('writes a data set that scanDcase2020 reads back, with the right counts and the samples', async () => {
    const out = at('new', 'sounds');
    const written = await writeMachineSounds(out, SMALL);
    expect(written).toMatchObject({ root: out, manifest: path.join(out, 'synthesis.json'), nClips: 24 });
    const { clips, warnings } = scanDcase2020(out);
    expect(warnings).toEqual([]);
    expect(scanDataset(out).layout).toBe('dcase2020');
    for (const [machineType, ids] of [['fan', ['00', '01']] as const, ['ToyCar', ['01', '02']] as const]) {
      for (const machineId of ids) {
        const machine = { machineType, machineId };
        expect(count(clips, { ...machine, split: 'train', label: 'normal' })).toBe(2);
        expect(count(clips, { ...machine, split: 'test', label: 'normal' })).toBe(1);
        expect(count(clips, { ...machine, split: 'test', label: 'anomaly' })).toBe(3);
      }
    }
    for (const made of synthesizeMachineSounds(SMALL).slice(0, 8)) {
      const read = await loadClip({ path: path.join(out, made.path) });
      expect(read.sampleRate).toBe(16000);
      expect(read.waveform).toHaveLength(3200);
      expect(
        read.waveform.every((value, i) => Math.abs(value - made.waveform[i]!) <= 0.5 / 32768 + 1e-9),
      ).toBe(true);
      expect(fs.statSync(path.join(out, made.path)).size).toBe(44 + 2 * 3200);
    }
  });

  it('lists options and faults in synthesis.json, enough to make the same again', async () => {
    const { manifest, options } = await writeMachineSounds(at('listed'), SMALL);
    const parsed = JSON.parse(fs.readFileSync(manifest, 'utf8')) as SynthesisManifest;
    expect(parsed).toMatchObject({
      formatVersion: 1,
      options: { ...SMALL, sampleRate: 16000, snrDb: 0, idSpread: 1, clipSpread: 1, severity: 1 },
    });
    expect(parsed.options).toEqual(options);
    const truth = synthesizeMachineSounds(parsed.options).map(({ waveform, sampleRate, ...clip }) => clip);
    expect(parsed.clips).toEqual(truth);
    expect(parsed.clips.find((clip) => clip.path === 'fan/test/anomaly_id_01_00000001.wav')).toMatchObject({
      anomalyKind: 'rubbing',
    });
  });

  it('reports progress after each clip', async () => {
    const seen: [number, number, string][] = [];
    await writeMachineSounds(at('progress'), {
      ...SMALL,
      machineTypes: ['valve'],
      onProgress: (progress) => seen.push([progress.nDone, progress.nTotal, progress.path]),
    });
    expect(seen.map(([nDone]) => nDone)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(seen[11]).toEqual([12, 12, 'valve/test/anomaly_id_01_00000002.wav']);
  });

  it('stops when it is told to and leaves nothing behind', async () => {
    const stop = new AbortController();
    const options = { ...SMALL, signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) };
    await expect(writeMachineSounds(at('stopped'), options)).rejects.toThrow('enough');
    expect(fs.existsSync(at('stopped'))).toBe(false);
    await expect(writeMachineSounds(at('stopped'), options)).rejects.toThrow('enough'); // before anything is made
    fs.mkdirSync(at('empty'));
    const again = new AbortController();
    const later = { ...SMALL, signal: again.signal, onProgress: () => again.abort() };
    await expect(writeMachineSounds(at('empty'), later)).rejects.toMatchObject({ name: 'AbortError' });
    expect(fs.readdirSync(at('empty'))).toEqual([]);
  });

  it('refuses a folder that is not empty, unless told; then an earlier synthesis makes room', async () => {
    await writeMachineSounds(at('twice'), SMALL);
    touch('twice/fan/train/mine.txt', 'twice/fan/train/normal_id_09_00000000.wav', 'blank/.hidden');
    const again = { ...SMALL, machineTypes: ['fan'], nTrain: 1, seed: 5 } satisfies WriteMachineSoundsOptions;
    await expect(writeMachineSounds(at('twice'), again)).rejects.toThrow(DatasetError);
    await expect(writeMachineSounds(at('twice'), again)).rejects.toThrow(
      /must be empty or new.*isOverwriting: true/,
    );
    await writeMachineSounds(at('twice'), { ...again, isOverwriting: true });
    const names = filesOf(at('twice')).map((file) => file.name);
    expect(names).toHaveLength(2 * (1 + 1 + 3) + 1 + 2);
    expect(names).toEqual(
      expect.arrayContaining(['mine.txt', 'normal_id_09_00000000.wav', 'synthesis.json']),
    );
    expect(await writeMachineSounds(at('blank'), { ...again, nIds: 1 })).toMatchObject({ nClips: 5 });
  });

  it('removes what killed runs left half written, and leaves what a living one writes', async () => {
    const out = at('after-a-kill');
    const [left, living, own] = [
      `.synthesis-${2 ** 30}-01234567-a`,
      `.synthesis-${process.pid}-01234567-a`,
      '.synthesis-notes',
    ];
    for (const name of [left, living, own]) fs.mkdirSync(path.join(out, name, 'fan'), { recursive: true });
    await writeMachineSounds(out, SMALL);
    expect(fs.readdirSync(out).sort()).toEqual([living, own, 'ToyCar', 'fan', 'synthesis.json'].sort());
  });

  it('tells of a disk that takes no files with the folder and the remedy', async () => {
    touch('file');
    for (const out of [path.join(at('file'), 'sounds'), '/proc/sounds', '/proc/a/b', at('x'.repeat(300))]) {
      const written = writeMachineSounds(out, SMALL);
      await expect(written).rejects.toThrow(DatasetError);
      await expect(written).rejects.toThrow(
        /outDir must be a place that can be written to, got .*choose another folder/,
      );
    }
  });

  it('refuses a file, a foreign synthesis.json and bad options before it makes anything', async () => {
    touch('file.txt', 'foreign/synthesis.json');
    await expect(writeMachineSounds(at('file.txt'), SMALL)).rejects.toThrow(/must be a folder, got the file/);
    const told = { ...SMALL, isOverwriting: true, onProgress: jest.fn() };
    await expect(writeMachineSounds(at('foreign'), told)).rejects.toThrow(
      /must list the clips of an earlier/,
    );
    fs.writeFileSync(at('foreign/synthesis.json'), '{"clips":[{"path":"../file.txt"}]}');
    await expect(writeMachineSounds(at('foreign'), told)).rejects.toThrow(
      /must list the clips of an earlier/,
    );
    expect(fs.existsSync(at('file.txt'))).toBe(true);
    expect(told.onProgress).not.toHaveBeenCalled();
    expect(fs.readdirSync(at('foreign'))).toEqual(['synthesis.json']);
    await expect(writeMachineSounds(at('bad'), { nTrain: -1 })).rejects.toThrow(
      /^datasets\.writeMachineSounds: nTrain/,
    );
    expect(fs.existsSync(at('bad'))).toBe(false);
    await expect(writeMachineSounds('', SMALL)).rejects.toThrow(TypeError);
  });
});
