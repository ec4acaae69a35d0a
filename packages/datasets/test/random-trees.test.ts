import { type Clip, DatasetError, normalizeMachineId, readName, seededRandom } from '../src';
import { place } from './support/place';

const FOLDERS = [
  ...[
    'normal',
    'ok',
    'Good',
    'NormalSound_IND',
    'gut',
    '正常',
    'anomaly',
    'nok',
    'defect_3',
    'AnomalousSound_IND',
    'Defekt',
    '異常',
  ],
  ...[
    'train',
    'Training',
    'test',
    'source_test',
    'val',
    'held-out',
    'dev_data',
    'eval_data',
    'eval',
    '検証',
    'train_normal',
    'test_faulty',
  ],
  ...[
    'fan',
    'pump',
    'press',
    'Halle 3',
    '00',
    'id_01',
    'section_02',
    'M-12',
    '6_dB_fan',
    '0_dB_fan',
    'noise',
    'supplemental',
    '2026',
  ],
  ...[
    'fan_ok',
    'fan_nok',
    'pump_ok',
    'bearing_worn',
    'ok_nok',
    'normal and faulty',
    'test bench',
    'test_of_monday',
    'weird',
    'raw',
  ],
];
const FILES = [
  ...[
    '1.wav',
    '2.wav',
    'a normal.wav',
    'a_nok_1.wav',
    'faulty.wav',
    'test_3.wav',
    'ok_or_nok.wav',
    '異常.wav',
    '00000000.wav',
  ],
  ...[
    'normal_id_00_00000000.wav',
    'anomaly_id_01_00000001.wav',
    'id_03_00000000.wav',
    'section_00_0000.wav',
    'CA001-carA1-x_mic1_1.wav',
  ],
  ...[
    'section_00_source_train_normal_0000_a.wav',
    'section_00_target_test_anomaly_0001.wav',
    'section_01_source_test_normal_0002.wav',
  ],
];

describe('folders of any names', () => {
  const random = seededRandom(0, 'random trees');
  const draw = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;

  /** A few folders, which files share more often than not. */
  function tree(): string[] {
    const folders = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
      Array.from({ length: Math.floor(random() * 4) }, () => draw(FOLDERS)),
    );
    const files = Array.from({ length: 2 + Math.floor(random() * 8) }, () =>
      [...draw(folders), draw(FILES)].join('/'),
    );
    return [...new Set(files)].sort();
  }

  /** What the names of a recording say beside what it was taken as; empty where nothing contradicts. */
  function contradictions({ path, label, split }: Clip): string[] {
    if (split !== 'train' || label !== 'normal') return [];
    const names = path.split('/').map((name) => readName(name.replace(/\.wav$/, '')));
    return [
      ...(names.some(({ labels }) => labels.includes('anomaly') && labels.length === 1) ? ['anomaly'] : []),
      ...(names
        .slice(0, -1)
        .some(({ splits, rest }) => splits.some((each) => each !== 'train') && rest === '')
        ? ['held out']
        : []),
      ...(/section_\d\d_\w+_test_/.test(path) ? ['of a test'] : []),
    ];
  }

  it('train on nothing that a name calls faulty or held out, in 10,000 trees', () => {
    let [nRead, nRefused, nClips] = [0, 0, 0];
    for (let i = 0; i < 10_000; i++) {
      const files = tree();
      try {
        const { clips } = place(draw(['set', 'fan', 'recordings/test', 'disk/nok']), files);
        nRead++;
        nClips += clips.length;
        expect(new Set(clips.map(({ path }) => path)).size).toBe(clips.length);
        for (const clip of clips) {
          const said = contradictions(clip);
          if (said.length > 0)
            throw new Error(`${clip.path} trains as normal, and is ${said.join()}: ${files.join(', ')}`);
          expect(clip.machineId).toBe(normalizeMachineId(clip.machineId));
        }
      } catch (error) {
        if (!(error instanceof DatasetError)) throw error;
        nRefused++;
      }
    }
    expect(nRead).toBeGreaterThan(1000);
    expect(nRefused).toBeGreaterThan(1000);
    expect(nClips).toBeGreaterThan(1000);
  });
});
