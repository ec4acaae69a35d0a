import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Clip } from '@serial-oe/datasets';
import { readLabelledClips } from '../src/finetune/labelled-clips';
import { tuningData } from '../src/finetune/tuning-data';

const model = { machineType: 'fan', machineIds: ['00', '02'], usesMachineIds: true };
const nothing = { labelled: [], anomalies: [], normals: [] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'serial-oe-tuning-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), basename(file));
  }
}

describe('readLabelledClips', () => {
  const read = (paths: object, machineId?: string) =>
    readLabelledClips(
      model,
      { ...nothing, ...paths },
      { caller: 'x', machineId, onWarning: (message) => warnings.push(message) },
    );
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
  });

  it('takes both labels of a folder that label has sorted', () => {
    write(
      'fan/id_00/anomaly/a.wav',
      'fan/id_00/normal/b.wav',
      'fan/id_02/anomaly/c.wav',
      'pump/id_00/anomaly/d.wav',
    );
    const { anomalies, normals } = read({ labelled: [root] });
    expect(anomalies.map(({ path, machineId, split }) => [basename(path), machineId, split])).toEqual([
      ['a.wav', '00', 'train'],
      ['c.wav', '02', 'train'],
    ]);
    expect(normals).toMatchObject([{ machineId: '00', label: 'normal', machineType: 'fan', split: 'train' }]);
    expect(warnings).toEqual([]);
  });

  it('takes plain folders of one label, of a machine that is told, each recording once', () => {
    write('yesterday/1.wav', 'yesterday/2.wav');
    const path = join(root, 'yesterday');
    expect(read({ anomalies: [path] }, '2').anomalies.map(({ machineId }) => machineId)).toEqual([
      '02',
      '02',
    ]);
    expect(read({ normals: [path, path], labelled: [] }, '00').normals).toHaveLength(2);
    expect(() => read({ anomalies: [path] })).toThrow(
      /1\.wav must be of one of the machines 00, 02, but neither/,
    );
    expect(() => read({ anomalies: [path] }, '07')).toThrow(/but it is of 07. Pass --machine-id/);
  });

  it('refuses folders without what is asked for', () => {
    write('id_00/normal/1.wav');
    expect(() => read({ anomalies: [root] })).toThrow(/must hold known anomalies of fan, got 1 clip/);
    write('empty/pump/id_00/anomaly/1.wav');
    expect(() => read({ labelled: [join(root, 'empty', 'pump')] }, undefined)).not.toThrow();
    mkdirSync(join(root, 'nothing'));
    expect(() => read({ labelled: [join(root, 'nothing')] })).toThrow(
      /must hold recordings of fan that are labelled/,
    );
  });
});

describe('tuningData', () => {
  const clip = (path: string, more: Partial<Clip> = {}): Clip => ({
    ...{ path: join(root, path), machineType: 'fan', machineId: '00', label: 'normal', split: 'train' },
    ...more,
  });
  const trained = () => [
    clip('t0.wav'),
    clip('t2.wav', { machineId: '02' }),
    clip('p.wav', { machineType: 'pump' }),
  ];
  const faulty = (n: number, more: Partial<Clip> = {}) =>
    Array.from({ length: n }, (_, i) => clip(`labelled/${i}.wav`, { label: 'anomaly', ...more }));
  const options = { caller: 'x', holdOut: undefined, seed: 0 };
  const tests = () => [
    clip('n.wav', { split: 'test' }),
    clip('a.wav', { split: 'test', label: 'anomaly' }),
    clip('b.wav', { split: 'test', label: 'anomaly' }),
  ];

  it('trains with all, and compares by the test clips where there are normal and anomalous ones', async () => {
    const dataset = { clips: [...trained(), ...tests()] };
    const labelled = { anomalies: faulty(3), normals: [clip('labelled/n.wav')] };
    const data = await tuningData(model, { dataset, labelled }, options);
    expect(data).toMatchObject({ nAnomalies: 3, nNormals: 1, nPutAside: 0, heldOutClips: [] });
    expect(data.training.clips).toHaveLength(10);
    expect(data.test.clips.map(({ path }) => basename(path))).toEqual(['n.wav', 'a.wav', 'b.wav']);
  });

  it('puts a third aside where there are none, of each machine and label, and never all', async () => {
    const labelled = {
      anomalies: [...faulty(6), ...faulty(1, { machineId: '02' })],
      normals: [clip('labelled/n1.wav'), clip('labelled/n2.wav'), clip('labelled/n3.wav')],
    };
    const both = { dataset: { clips: trained() }, labelled };
    const data = await tuningData(model, both, options);
    expect(data).toMatchObject({ nAnomalies: 5, nNormals: 2, nPutAside: 3 });
    expect(data.test.clips.map(({ split, label }) => [split, label])).toEqual([
      ['test', 'anomaly'],
      ['test', 'anomaly'],
      ['test', 'normal'],
    ]);
    const paths = new Set(data.training.clips.map(({ path }) => path));
    for (const { path, machineId } of data.test.clips)
      if (machineId === '00') expect(paths.has(path)).toBe(false);
    expect(await tuningData(model, both, options)).toEqual(data);
    expect(await tuningData(model, both, { ...options, holdOut: 0 })).toMatchObject({ nPutAside: 0 });
  });

  it('takes test clips out that are among the labelled ones, by path or as copies', async () => {
    write('a.wav', 'b.wav', 'n.wav', 't0.wav', 'labelled/b.wav');
    const anomalies = [clip('a.wav', { label: 'anomaly' }), clip('labelled/b.wav', { label: 'anomaly' })];
    const more = [clip('c.wav', { split: 'test', label: 'anomaly' })];
    const dataset = { clips: [...trained(), ...tests(), ...more] };
    const data = await tuningData(model, { dataset, labelled: { anomalies, normals: [] } }, options);
    expect(data.heldOutClips.map(({ path }) => basename(path))).toEqual(['a.wav', 'b.wav']);
    expect(data.test.clips.map(({ path }) => basename(path))).toEqual(['n.wav', 'c.wav']);
  });

  it('refuses data that would lose a machine', async () => {
    const [first] = trained();
    const refused = tuningData(
      model,
      { dataset: { clips: [first!] }, labelled: { anomalies: faulty(1), normals: [] } },
      options,
    );
    await expect(refused).rejects.toThrow(
      /normal training clips of each machine of the model, got none of fan 02/,
    );
  });
});
