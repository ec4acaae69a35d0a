import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Clip } from '@serial-oe/datasets';
import { withRecordedAnomalies } from '../src/train/known-anomalies';

describe('withRecordedAnomalies', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'serial-oe-known-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function taken(...files: string[]): { paths: string[]; warnings: string[] } {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    const warnings: string[] = [];
    const dataset = withRecordedAnomalies({ clips: [], name: 'x' }, 'fan', {
      path: root,
      onWarning: (message) => warnings.push(message),
    });
    for (const clip of dataset.clips) {
      expect(clip).toMatchObject<Partial<Clip>>({ machineType: 'fan', label: 'anomaly', split: 'train' });
    }
    return { paths: dataset.clips.map(({ path }) => relative(root, path)), warnings };
  }

  it.each([
    ['a heap', ['1.wav', '2.wav']],
    ['folders for kinds of fault', [join('bearing', '3.wav'), join('leak', '4.wav')]],
    ['kinds beside a word for a fault', [join('defect', '3.wav'), join('scratch', '4.wav')]],
    ['an ID, a label and a kind', [join('id_00', 'anomaly', '3.wav'), join('id_00', 'rattling', '4.wav')]],
  ])('takes every file of %s', (_, files) => {
    expect(taken(...files)).toEqual({ paths: files, warnings: [] });
  });

  it('takes the anomalies of the type alone where folders or names tell them', () => {
    const { paths, warnings } = taken(
      'fan/test/anomaly_id_00_00000000.wav',
      'fan/test/normal_id_00_00000000.wav',
      'pump/test/anomaly_id_00_00000000.wav',
    );
    expect(paths).toEqual([join('fan', 'test', 'anomaly_id_00_00000000.wav')]);
    expect(warnings).toEqual([
      expect.stringMatching(/2 clip\(s\) in .* left out.*1 known anomalies of fan taken/),
    ]);
  });

  it('refuses a place without any', () => {
    expect(() => taken('fan/test/normal_id_00_00000000.wav')).toThrow(
      /must hold known anomalies of fan, got 1 clip\(s\) that are normal/,
    );
  });
});
