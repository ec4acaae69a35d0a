import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Clip, DatasetError } from '../src';
import { readManifest } from '../src/node/read-manifest';
import { scanDataset } from '../src/node/scan-dataset';
import { scanFolders } from '../src/node/scan-folders';
import { temporaryFolder } from './support/temporary-folder';

const { root, touch } = temporaryFolder();
const at = (...parts: string[]) => path.join(root, ...parts);
const describeClip = (clip: Clip) =>
  [path.relative(root, clip.path), clip.machineType, clip.machineId, clip.split, clip.label].join(' ');

describe('scanFolders', () => {
  touch(
    'full/press/A/train/normal/1.wav',
    'full/press/A/test/normal/2.WAV',
    'full/press/A/test/anomaly/3.wav',
    'full/press/A/test/4.wav',
    'full/lathe/train/normal/5.wav',
    'full/lathe/readme.txt',
    'full/.hidden/6.wav',
    'mimii/fan/id_00/normal/00000000.wav',
    'mimii/fan/id_00/abnormal/00000000.wav',
    'boiler/normal/1.wav',
    'boiler/07/normal/2.wav',
    'recordings/1.wav',
    'deep/a/b/c/d/1.wav',
  );

  it('reads split, label, machine type and ID from the folders', () => {
    const { clips, warnings, name } = scanFolders(at('full'));
    expect(name).toBe('full');
    expect(clips.map(describeClip)).toEqual([
      'full/lathe/train/normal/5.wav lathe 00 train normal',
      'full/press/A/test/anomaly/3.wav press A test anomaly',
      'full/press/A/test/normal/2.WAV press A test normal',
      'full/press/A/train/normal/1.wav press A train normal',
    ]);
    expect(warnings).toEqual([expect.stringMatching(/1 recording\(s\) left out \(no label\).*4\.wav/)]);
  });

  it('reads the layout of MIMII, one machine alone, and a heap of files', () => {
    expect(scanFolders(at('mimii')).clips.map(describeClip)).toEqual([
      'mimii/fan/id_00/abnormal/00000000.wav fan 00 test anomaly',
      'mimii/fan/id_00/normal/00000000.wav fan 00 train normal',
    ]);
    expect(scanFolders(at('boiler')).clips.map(describeClip)).toEqual([
      'boiler/07/normal/2.wav boiler 07 train normal',
      'boiler/normal/1.wav boiler 00 train normal',
    ]);
    const heap = scanFolders(at('recordings'), { machineType: 'fan' });
    expect(heap.clips.map(describeClip)).toEqual(['recordings/1.wav fan 00 train normal']);
    expect(heap.warnings).toEqual([expect.stringContaining('taken as normal training clips')]);
  });

  it('takes label and ID from DCASE names where the folders do not say them', () => {
    touch(
      'flat/fan/anomaly_id_02_00000000.wav',
      'flat/fan/normal_id_04_00000000.wav',
      'flat/pump/07/normal/normal_id_00_00000000.wav',
    );
    const { clips, warnings } = scanFolders(at('flat'));
    expect(clips.map(describeClip)).toEqual([
      'flat/fan/normal_id_04_00000000.wav fan 04 train normal',
      'flat/fan/anomaly_id_02_00000000.wav fan 02 test anomaly',
      'flat/pump/07/normal/normal_id_00_00000000.wav pump 07 train normal',
    ]);
    expect(warnings).toEqual([]);
  });

  it('refuses folders that say nothing it understands', () => {
    expect(() => scanFolders(at('deep'))).toThrow(/found no such file.*left out \(too deep\)/);
    expect(() => scanFolders(at('absent'))).toThrow(/does not exist/);
  });
});

describe('readManifest', () => {
  touch('csv/a.wav', 'csv/sub/b, c.wav');
  const write = (text: string) => {
    fs.writeFileSync(at('csv/list.csv'), text);
    return at('csv/list.csv');
  };

  it('reads columns in any order, quotes, a byte-order mark, CRLF and columns of your own', () => {
    const { clips, name } = readManifest(
      write(
        '\ufefflabel,note,split,path,machineId,machineType\r\nnormal,"two\nlines",train,a.wav,0,fan\r\n\r\n' +
          `anomaly,,test,"${at('csv/sub/b, c.wav')}",A7,my press\r\n`,
      ),
    );
    expect(name).toBe('list');
    expect(clips.map(describeClip)).toEqual([
      'csv/a.wav fan 00 train normal',
      'csv/sub/b, c.wav my press A7 test anomaly',
    ]);
  });

  it('names each bad row by its line', () => {
    const read = () =>
      readManifest(
        write(
          'path,machineType,machineId,label,split\na.wav,fan,00,unknown,train\na.wav,fan,00,normal,dev\na.wav,fan,00\n' +
            'a.wav,,00,normal,train\nnone.wav,fan,00,normal,train\na.wav,fan,00,normal,train\n./a.wav,fan,00,normal,train\n',
        ),
      );
    expect(read).toThrow(/line 2: label must be normal or anomaly, got unknown/);
    expect(read).toThrow(/line 3: split must be train or test, got dev/);
    expect(read).toThrow(/line 4: has 3 cells where the header has 5/);
    expect(read).toThrow(/line 5: machineType is empty/);
    expect(read).toThrow(/line 6: file .*none\.wav does not exist/);
    expect(read).toThrow(/line 8: path \.\/a\.wav is that of line 7 again/);
  });

  it('counts the bad rows that it does not name', () => {
    const rows = Array.from({ length: 25 }, (_, i) => `${i}.wav,fan,00,normal,train`);
    expect(() => readManifest(write(['path,machineType,machineId,label,split', ...rows].join('\n')))).toThrow(
      /line 11: .* and 15 more\.$/,
    );
  });

  it('refuses a missing file, a missing column, no rows, and what is not CSV', () => {
    expect(() => readManifest(at('csv/other.csv'))).toThrow(/must be an existing file/);
    expect(() => readManifest(write('path,machineType,label,split\n'))).toThrow(/without machineId/);
    expect(() => readManifest(write(''))).toThrow(/must have the columns/);
    expect(() => readManifest(write('path,machineType,machineId,label,split\n'))).toThrow(/got none/);
    expect(() => readManifest(write('path,"machineType\n'))).toThrow(/must be CSV, got .*Quote/i);
  });
});

describe('scanDataset', () => {
  touch('dcase/fan/train/normal_id_00_00000000.wav', 'single/test/normal_id_00_00000000.wav');

  it('chooses the reader by what is there and says which', () => {
    fs.writeFileSync(
      at('csv/good.csv'),
      'path,machineType,machineId,label,split\na.wav,fan,00,normal,train\n',
    );
    expect(scanDataset(at('csv/good.csv')).layout).toBe('manifest');
    expect(scanDataset(at('dcase')).layout).toBe('dcase2020');
    expect(scanDataset(at('single'), { machineType: 'fan' })).toMatchObject({
      layout: 'dcase2020',
      clips: [{ machineType: 'fan' }],
    });
    expect(scanDataset(at('full'))).toMatchObject({ layout: 'folders', name: 'full' });
  });

  it('passes over files beside the folders', () => {
    touch('heap/1.wav', 'mixed/a-note.txt', 'mixed/press/A/train/normal/1.wav');
    expect(scanDataset(at('heap'), { machineType: 'fan' })).toMatchObject({
      layout: 'folders',
      clips: [{ machineType: 'fan', machineId: '00', split: 'train' }],
    });
    expect(scanDataset(at('mixed'))).toMatchObject({ layout: 'folders', clips: [{ machineType: 'press' }] });
  });

  it('refuses what is not there and files that are not CSV', () => {
    expect(() => scanDataset(at('absent'))).toThrow(/must exist/);
    for (const bad of ['x'.repeat(5000), 'a\0b', path.join('csv', 'a.wav', 'below')]) {
      expect(() => scanDataset(at(bad))).toThrow(DatasetError);
      expect(() => scanFolders(at(bad))).toThrow(DatasetError);
    }
    expect(() => scanDataset(at('csv/a.wav'))).toThrow(/must be a folder or a \.csv manifest/);
  });
});
