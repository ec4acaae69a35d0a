import * as path from 'node:path';
import {
  DatasetError,
  DCASE2020_MACHINE_TYPES,
  DCASE2020_SPLITS,
  parseDcaseFileName,
  scanDcase2020,
} from '../src';
import { scanDcase2020 as scanDcase2020Node } from '../src/node/scan-dcase2020';
import { temporaryFolder } from './support/temporary-folder';

describe('DCASE2020_SPLITS', () => {
  it('holds the 41 IDs of the task, development as the paper reports them', () => {
    for (const type of ['fan', 'pump', 'slider', 'valve'] as const) {
      expect(DCASE2020_SPLITS[type].development).toEqual(['00', '02', '04', '06']);
      expect(DCASE2020_SPLITS[type].evaluation).toEqual(['01', '03', '05']);
    }
    expect(DCASE2020_SPLITS.ToyCar).toEqual({
      development: ['01', '02', '03', '04'],
      evaluation: ['05', '06', '07'],
    });
    expect(DCASE2020_SPLITS.ToyConveyor).toEqual({
      development: ['01', '02', '03'],
      evaluation: ['04', '05', '06'],
    });
    const splits = DCASE2020_MACHINE_TYPES.map((type) => DCASE2020_SPLITS[type]);
    expect(splits.flatMap((split) => [...split.development, ...split.evaluation])).toHaveLength(41);
  });
});

describe('parseDcaseFileName', () => {
  it('reads label, ID and number, with or without folders', () => {
    const expected = { label: 'anomaly', machineId: '02', clipNumber: 17 };
    expect(parseDcaseFileName('anomaly_id_02_00000017.wav')).toEqual(expected);
    expect(parseDcaseFileName('/data/fan/test/anomaly_id_02_00000017.wav')).toEqual(expected);
    expect(parseDcaseFileName('C:\\fan\\test\\anomaly_id_02_00000017.WAV')).toEqual(expected);
  });

  it.each([
    'id_01_00000000.wav',
    'normal_id_1_00000000.wav',
    'normal_id_00_0000.wav',
    'xnormal_id_00_00000000.wav',
  ])('does not take %s for one', (name) => expect(parseDcaseFileName(name)).toBeNull());
});

describe('scanDcase2020', () => {
  const { root, touch } = temporaryFolder();
  touch(
    'all/fan/train/normal_id_00_00000000.wav',
    'all/fan/test/anomaly_id_00_00000001.wav',
    'all/fan/test/normal_id_02_00000000.wav',
    'all/fan/test/id_01_00000000.wav',
    'all/fan/test/notes.txt',
    'all/ToyCar/train/normal_id_01_00000000.wav',
    'all/ToyCar/train/anomaly_id_01_00000000.wav',
    'all/manifest.csv',
    'mimii-fan/train/normal_id_00_00000000.wav',
    'press/test/normal_id_00_00000000.wav',
    'empty/fan/train/recording.wav',
  );

  it('lists every clip with type, ID, label and split, and warns of what it left out', () => {
    const { clips, name, warnings } = scanDcase2020(path.join(root, 'all'));
    expect(name).toBe('all');
    expect(clips.map((clip) => [path.relative(root, clip.path), clip.machineType, clip.machineId])).toEqual([
      ['all/ToyCar/train/anomaly_id_01_00000000.wav', 'ToyCar', '01'],
      ['all/ToyCar/train/normal_id_01_00000000.wav', 'ToyCar', '01'],
      ['all/fan/train/normal_id_00_00000000.wav', 'fan', '00'],
      ['all/fan/test/anomaly_id_00_00000001.wav', 'fan', '00'],
      ['all/fan/test/normal_id_02_00000000.wav', 'fan', '02'],
    ]);
    expect(clips.map(({ label, split }) => `${split} ${label}`)).toEqual([
      'train anomaly',
      'train normal',
      'train normal',
      'test anomaly',
      'test normal',
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /1 recording\(s\) left out \(no label, as in the evaluation.*id_01_00000000\.wav/,
      ),
      expect.stringMatching(/ToyCar.*1 clip\(s\) in train are named anomaly/),
    ]);
  });

  it('takes the folder of one machine, its type from the name or as told', () => {
    const fan = scanDcase2020(path.join(root, 'mimii-fan'));
    expect(fan.clips[0]?.machineType).toBe('fan');
    expect(fan.warnings?.[0]).toContain('"fan" taken from its name');
    expect(scanDcase2020(path.join(root, 'press')).clips[0]?.machineType).toBe('press');
    const told = scanDcase2020(path.join(root, 'press'), { machineType: 'stamp' });
    expect(told.clips[0]?.machineType).toBe('stamp');
    expect(told.warnings).toEqual([]);
    expect(scanDcase2020(path.join(root, 'all', 'fan')).warnings).toHaveLength(1); // the names left out, no more
  });

  it('keeps the other types of a data set whatever machineType is, and names the folders that it left out', () => {
    touch('both/pump/train/normal_id_00_00000000.wav', 'both/fan/train/normal_id_00_00000000.wav');
    touch(
      'both/notes/a.txt',
      'both/.git/b',
      'beside-fan/test/normal_id_00_00000000.wav',
      'beside-fan/raw/c.wav',
    );
    const both = scanDcase2020(path.join(root, 'both'), { machineType: 'fan' });
    expect(both.clips.map((clip) => clip.machineType)).toEqual(['fan', 'pump']);
    expect(both.warnings).toEqual([expect.stringMatching(/left out: notes\.$/)]);
    const beside = scanDcase2020(path.join(root, 'beside-fan'), { machineType: 'fan' });
    expect(beside.warnings).toEqual([expect.stringMatching(/left out: raw\.$/)]);
  });

  it('refuses a missing folder, a file, and a folder without such clips', () => {
    expect(() => scanDcase2020(path.join(root, 'nowhere'))).toThrow(/nowhere \(does not exist\)/);
    expect(() => scanDcase2020(path.join(root, 'all/manifest.csv'))).toThrow(/not a folder/);
    expect(() => scanDcase2020(path.join(root, 'empty'))).toThrow(DatasetError);
    expect(() => scanDcase2020(path.join(root, 'empty'))).toThrow(
      /recording\.wav.*scanFolders or readManifest/,
    );
    expect(() => scanDcase2020('')).toThrow(TypeError);
  });

  it('is the same behind both entries', () => {
    expect(scanDcase2020Node(path.join(root, 'all'))).toEqual(scanDcase2020(path.join(root, 'all')));
  });

  it('says what it needs where there is no file system', () => {
    const { getBuiltinModule } = process;
    try {
      Object.defineProperty(process, 'getBuiltinModule', {
        value: undefined,
        configurable: true,
        writable: true,
      });
      expect(() => scanDcase2020(root)).toThrow(/must run in Node 20\.16 or later.*datasets\/node/);
    } finally {
      Object.defineProperty(process, 'getBuiltinModule', {
        value: getBuiltinModule,
        configurable: true,
        writable: true,
      });
    }
  });
});
