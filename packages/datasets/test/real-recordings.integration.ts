import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Clip, DCASE2020_MACHINE_TYPES, mergeDatasets } from '../src';
import { checkDataset, loadClip, scanDataset, scanDcase2020 } from '../src/node';

// Genuine recordings, beside the repository where there are any; they are not part of it.
const data = path.resolve(__dirname, '../../../../shared/data');
const [mini, mimii] = [path.join(data, 'dcase2020-mini'), path.join(data, 'mimii-fan')];
const hasData = fs.existsSync(mini) && fs.existsSync(mimii);
if (!hasData) process.stderr.write('SKIPPED: no recordings at ../shared/data beside the repository\n');

const count = (clips: readonly Clip[], part: Partial<Clip>) =>
  clips.filter((clip) => Object.entries(part).every(([key, value]) => clip[key as keyof Clip] === value))
    .length;

(hasData ? describe : describe.skip)('real recordings of ../shared/data', () => {
  it('dcase2020-mini: six types, every file read or named', () => {
    const { clips, layout, warnings } = scanDataset(mini);
    expect(layout).toBe('dcase2020');
    expect(new Set(clips.map((clip) => clip.machineType))).toEqual(new Set(DCASE2020_MACHINE_TYPES));
    expect(clips).toHaveLength(130);
    expect(warnings).toEqual([]);
    expect(count(clips, { split: 'train', label: 'anomaly' })).toBe(0);
    expect(clips.every((clip) => path.isAbsolute(clip.path))).toBe(true);
  });

  it('mimii-fan: one type without a folder of its own, eight-channel recordings beside it left out', () => {
    const { clips, warnings } = scanDataset(mimii);
    expect(clips).toHaveLength(60);
    expect(count(clips, { machineType: 'fan' })).toBe(60);
    expect(count(clips, { split: 'train', label: 'normal' })).toBe(17);
    expect(count(clips, { machineId: '00', label: 'anomaly' })).toBe(20);
    expect(warnings).toEqual([
      expect.stringContaining('machine type "fan" taken from its name'),
      expect.stringMatching(/left out: raw-8ch\.$/),
    ]);
  });

  it('both together: fans of the same ID are one machine, the other types stay for outlier exposure', () => {
    for (const options of [{}, { machineType: 'fan' }]) {
      const parts = [mimii, mini].map((folder) => scanDataset(folder, options));
      const { clips } = mergeDatasets(parts);
      expect(new Set(clips.map((clip) => clip.path)).size).toBe(190);
      expect(new Set(clips.map((clip) => clip.machineType)).size).toBe(6);
      const fans = parts.map((part) => count(part.clips, { machineType: 'fan', machineId: '00' }));
      expect(fans.every((n) => n > 0)).toBe(true);
      expect(count(clips, { machineType: 'fan', machineId: '00' })).toBe(fans[0]! + fans[1]!);
    }
    expect(() => mergeDatasets([scanDcase2020(mini), scanDcase2020(path.join(mini, 'fan'))])).toThrow(
      /twice/,
    );
  });

  it('nothing that a person would hear is found in any of them', async () => {
    const raw = path.join(mimii, 'raw-8ch');
    const other = { machineType: 'fan', machineId: 'raw', label: 'normal', split: 'train' } as const;
    const eight = fs.readdirSync(raw).map((name) => ({ ...other, path: path.join(raw, name) }));
    const sets = [scanDataset(mini), scanDataset(mimii), { clips: eight }];
    const kinds = new Set<string>();
    for (const set of sets) {
      for (const { kind } of (await checkDataset(set, { minSeconds: 0 })).problems) kinds.add(kind);
    }
    const heard = ['constant', 'ditherOnly', 'cancelling', 'absurdSample', 'integerScale', 'clipped'];
    const odd = ['deadChannel', 'partlyDead', 'offset', 'quiet', 'loud', 'repaired'];
    expect([...kinds].filter((kind) => [...heard, ...odd].includes(kind))).toEqual([]);
  }, 120_000);

  it('every recording loads, of one channel and of eight', async () => {
    const { clips } = mergeDatasets([mimii, mini].map((folder) => scanDataset(folder)));
    const raw = fs.readdirSync(path.join(mimii, 'raw-8ch')).map((name) => path.join(mimii, 'raw-8ch', name));
    expect(raw).toHaveLength(2);
    for (const file of [...clips.map((clip) => clip.path), ...raw]) {
      const { sampleRate, waveform } = await loadClip({ path: file });
      expect(sampleRate).toBe(16000);
      expect([160_000, 176_000]).toContain(waveform.length); // 10 s, ToyCar 11 s
    }
  }, 60_000);

  it('a check finds them sound, and what is missing', async () => {
    const kinds = async (folder: string) =>
      (await checkDataset(folder)).problems.map(({ severity, kind }) => `${severity} ${kind}`);
    expect(await kinds(mini)).toEqual([
      'warning missingMachine',
      'warning noAnomalies', // pump 02
      'warning fewAnomalies',
    ]);
    expect(await kinds(mimii)).toEqual([
      'warning layout', // the type is in the folder's name
      'warning layout', // raw-8ch; machines of DCASE2020 are not missing where the name does not say that it is that
      'warning singleType',
      'warning fewAnomalies',
    ]);
  }, 60_000);
});
