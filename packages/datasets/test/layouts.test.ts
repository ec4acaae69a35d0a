import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatasetError, mergeDatasets, scanDcase2020 } from '../src';
import { scanDataset } from '../src/node';
import { place } from './support/place';
import { temporaryFolder } from './support/temporary-folder';

const TYPES = ['fan', 'pump'];
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const eight = (i: number) => String(i).padStart(8, '0');
const four = (i: number) => String(i).padStart(4, '0');

describe('DCASE2020', () => {
  const dev = (prefix: string) =>
    TYPES.flatMap((type) =>
      ['00', '02'].flatMap((id) => [
        ...range(3).map((i) => `${prefix}${type}/train/normal_id_${id}_${eight(i)}.wav`),
        `${prefix}${type}/test/normal_id_${id}_${eight(9)}.wav`,
        `${prefix}${type}/test/anomaly_id_${id}_${eight(0)}.wav`,
      ]),
    );
  const evaluation = (prefix: string) =>
    TYPES.flatMap((type) => [
      ...range(2).map((i) => `${prefix}${type}/train/normal_id_01_${eight(i)}.wav`),
      `${prefix}${type}/test/id_01_${eight(0)}.wav`,
    ]);
  const machines = TYPES.flatMap((type) => [
    `${type} 00: test anomaly 1, test normal 1, train normal 3`,
    `${type} 01: train normal 2`,
    `${type} 02: test anomaly 1, test normal 1, train normal 3`,
  ]);

  it.each([
    ['as unpacked into one folder', '', ''],
    ['with dev_data and eval_data above', 'dev_data/', 'eval_data/'],
    ['of capitals', 'Dev_Data/', 'Eval_Data/'],
    ['with development and evaluation', 'development/', 'evaluation/'],
    ['with a folder above', 'dcase/dev_data/', 'dcase/eval_data/'],
  ])('%s', (_, above, aboveEvaluation) => {
    const {
      machines: found,
      layout,
      warnings,
    } = place('set', [...dev(above), ...evaluation(aboveEvaluation)]);
    expect(found).toEqual(machines);
    expect(layout).toBe('dcase2020');
    expect(warnings).toEqual([
      expect.stringMatching(/2 recording\(s\) left out \(no label, as in the evaluation/),
    ]);
  });

  it('with the archives’ own folders above', () => {
    const files = TYPES.flatMap((type) => [
      ...dev(`dev_data_${type}/`).filter((file) => file.includes(`/${type}/`)),
      ...evaluation(`eval_data_train_${type}/`).filter((file) => file.includes(`/${type}/train`)),
      ...evaluation(`eval_data_test_${type}/`).filter((file) => file.includes(`/${type}/test`)),
    ]);
    expect(place('set', files).machines).toEqual(machines);
  });

  it('with the root too deep', () => {
    const inFan = dev('').flatMap((file) => (file.startsWith('fan/') ? [file.slice(4)] : []));
    expect(place('set/dev_data/fan', inFan).machines).toHaveLength(2);
    const train = inFan.flatMap((file) => (file.startsWith('train/') ? [file.slice(6)] : []));
    expect(place('set/fan/train', train).machines).toEqual([
      'fan 00: train normal 3',
      'fan 02: train normal 3',
    ]);
    const unlabelled = place('set/fan/test', ['id_01_00000000.wav']);
    expect(unlabelled.clips).toEqual([]);
  });

  it('with short numbers, capitals and splits of capitals', () => {
    const { machines: found } = place('set', [
      ...[
        'fan/Train/normal_id_0_1.wav',
        'fan/Train/NORMAL_ID_00_00000002.WAV',
        'fan/TEST/Anomaly_id_0_1.Wav',
      ],
    ]);
    expect(found).toEqual(['fan 00: test anomaly 1, train normal 2']);
  });

  it('leaves out names of another form beside them, and what stands for neither', () => {
    const { machines: found, warnings } = place('set', [
      ...['fan/train/normal_id_00_00000000.wav', 'fan/train/extra recording.wav', 'fan/train/readme 2.wav'],
    ]);
    expect(found).toEqual(['fan 00: train normal 1']);
    expect(warnings).toEqual([expect.stringMatching(/2 recording\(s\) left out \(name of another form/)]);
  });

  it('never trains unlabelled evaluation clips that stand in no split', () => {
    const { clips } = place('set', ['fan/id_01_00000000.wav', 'fan/normal_id_00_00000000.wav']);
    expect(clips).toMatchObject([{ machineId: '00' }]);
  });

  it('refuses folders that would make one machine of several', () => {
    const halls = ['hall 1', 'hall 2'].flatMap((hall) => dev(`${hall}/`));
    expect(() => place('set', halls)).toThrow(DatasetError);
    expect(() =>
      place(
        'set',
        halls.map((file) => file.replace('hall 2/fan', 'hall 2/gearbox')),
      ),
    ).toThrow(DatasetError);
  });
});

describe('DCASE2021 and later', () => {
  const year2021 = TYPES.flatMap((type) =>
    ['00', '01'].flatMap((section) => [
      ...range(3).map(
        (i) => `${type}/train/section_${section}_source_train_normal_${four(i)}_strength_1_ambient.wav`,
      ),
      `${type}/train/section_${section}_target_train_normal_0000_strength_2_ambient.wav`,
      ...['source', 'target'].flatMap((domain) =>
        ['normal', 'anomaly'].map(
          (label) => `${type}/${domain}_test/section_${section}_${domain}_test_${label}_0000.wav`,
        ),
      ),
    ]),
  );

  it.each([
    ['', 'set'],
    ['dev_data/', 'set'],
    ['', 'set/dev_data'],
  ])('2021, under "%s" of %s', (above, root) => {
    const { machines, layout, clips, warnings } = place(
      root,
      year2021.map((file) => above + file),
    );
    expect(layout).toBe('dcase2021');
    expect(warnings).toEqual([]);
    expect(machines).toEqual(
      TYPES.flatMap((type) =>
        ['00', '01'].map((section) => `${type} ${section}: test anomaly 2, test normal 2, train normal 4`),
      ),
    );
    expect(clips.filter(({ domain }) => domain === 'target')).toHaveLength(12);
    expect(clips.find(({ split }) => split === 'train')).toMatchObject({
      domain: 'source',
      attributes: 'strength_1_ambient',
    });
    expect(clips.some(({ split, label }) => split === 'train' && label === 'anomaly')).toBe(false);
  });

  it.each([
    ['2021', 'fan/source_test/section_03_source_test_0000.wav'],
    ['2022', 'fan/test/section_03_test_0000.wav'],
    ['2023', 'ToyDrone/test/section_00_0000.wav'],
    ['2023 without folders', 'section_00_0000.wav'],
    ['2025, supplemental', 'AutoTrash/supplemental/section_00_machine_source_0000_noAttribute.wav'],
    ['2025, noise', 'AutoTrash/supplemental/section_00_noise_supplemental_normal_0000.wav'],
    ['2025, noise in train', 'AutoTrash/train/section_00_noise_supplemental_normal_0000.wav'],
    ['2025, a normal name in supplemental', 'AutoTrash/supplemental/section_00_source_train_normal_0000.wav'],
  ])('leaves out what has no label or is no machine: %s', (_, file) => {
    const train = 'fan/train/section_00_source_train_normal_0000_f-n_A.wav';
    const { machines, warnings } = place('set', [file, train]);
    expect(machines).toEqual(['fan 00: train normal 1']);
    expect(warnings).toEqual([expect.stringMatching(/1 recording\(s\) left out/)]);
  });

  it('2022 to 2025: one test folder, attributes of any kind', () => {
    const { machines } = place('set', [
      'bearing/train/section_00_source_train_normal_0000_noAttribute.wav',
      'bearing/train/section_00_target_train_normal_0000_.wav',
      'bearing/test/section_00_source_test_normal_0000_vel_6_loc_A.wav',
      'bearing/test/section_00_target_test_anomaly_0000_vel_6_loc_A.wav',
    ]);
    expect(machines).toEqual(['bearing 00: test anomaly 1, test normal 1, train normal 2']);
  });

  it('with the root too deep', () => {
    const inTrain = year2021.flatMap((file) => (file.startsWith('fan/train/') ? [file.slice(10)] : []));
    expect(place('set/fan/train', inTrain).machines).toEqual([
      'fan 00: train normal 4',
      'fan 01: train normal 4',
    ]);
    const inTest = year2021.flatMap((file) => (file.startsWith('fan/source_test/') ? [file.slice(16)] : []));
    expect(place('set/fan/source_test', inTest).machines).toHaveLength(2);
  });

  it('folders of domains', () => {
    const { clips } = place('set', [
      'fan/source/train/1.wav',
      'fan/target/train/2.wav',
      'fan/target_test/normal/3.wav',
    ]);
    expect(clips.map(({ domain, split, machineType }) => `${machineType} ${domain} ${split}`)).toEqual([
      'fan source train',
      'fan target train',
      'fan target test',
    ]);
  });
});

describe('MIMII', () => {
  const snr = (top: string, type: string) =>
    ['id_00', 'id_02'].flatMap((id) => [
      ...range(2).map((i) => `${top}/${type}/${id}/normal/${eight(i)}.wav`),
      `${top}/${type}/${id}/abnormal/${eight(0)}.wav`,
    ]);

  it('as its archives unpack', () => {
    const { machines, layout, clips } = place('set', [
      ...snr('6_dB_fan', 'fan'),
      ...snr('6_dB_pump', 'pump'),
    ]);
    expect(layout).toBe('mimii');
    expect(machines).toEqual(
      TYPES.flatMap((type) => ['00', '02'].map((id) => `${type} ${id}: test anomaly 1, train normal 2`)),
    );
    expect(clips.every(({ snrDb }) => snrDb === 6)).toBe(true);
    const only = snr('x', 'fan').map((file) => file.slice(2));
    expect(place('set', only).layout).toBe('mimii');
    expect(place('set/-6_dB_fan', only).clips[0]).toMatchObject({ machineType: 'fan', snrDb: -6 });
  });

  it.each([
    ['6_dB_fan', '-6_dB_fan'],
    ['0_dB_fan', 'min6_dB_fan'],
    ['6dB', '0dB'],
    ['fan_6dB', 'fan_0dB'],
  ])('asks for one of several signal-to-noise ratios: %s, %s', (a, b) => {
    const both = [...snr(a, 'fan'), ...snr(b, 'fan')];
    expect(() => place('set', both)).toThrow(DatasetError);
    expect(() => place('set', both)).toThrow(new RegExp(`Name one of the folders: .*${a}.*${b}|${b}.*${a}`));
    const [first, second] = [snr(a, 'fan'), snr(b, 'fan')].map((files) => place('set', files));
    const moved = second!.clips.map((clip) => ({ ...clip, path: `other/${clip.path}` }));
    expect(() => mergeDatasets([{ clips: first!.clips }, { clips: moved }])).toThrow(/signal-to-noise ratio/);
  });
});

describe('ToyADMOS', () => {
  const files = ['case1', 'case2'].flatMap((name, i) => [
    ...range(2).map(
      (n) => `ToyCar/${name}/NormalSound_IND/1${i}00010001_ToyCar_${name}_normal_IND_ch1_${four(n)}.wav`,
    ),
    `ToyCar/${name}/NormalSound_CNT/1${i}00110001_ToyCar_${name}_normal_CNT_ch1_0001.wav`,
    `ToyCar/${name}/AnomalousSound_IND/1${i}01010001_ToyCar_${name}_ab01_IND_ch1_0001.wav`,
  ]);

  it('reads its labels, keeps its cases apart and trains on no background', () => {
    const { machines, layout, warnings } = place('ToyADMOS', [
      ...files,
      'ToyCar/EnvironmentalNoise_CNT/1000110001_ToyCar_caseAll_noise_CNT_ch1_0001.wav',
      'ToyCar/EnvironmentalNoise_CNT/whatever.wav',
    ]);
    expect(layout).toBe('toyadmos');
    expect(machines).toEqual([
      'ToyCar case1: test anomaly 1, train normal 3',
      'ToyCar case2: test anomaly 1, train normal 3',
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/2 recording\(s\) left out \(neither normal nor faulty\)/),
    ]);
  });

  it('reads the labels of its folders and of its files alone', () => {
    const renamed = files.map((file, i) => file.replace(/[^/]*$/, `${i}.wav`));
    expect(place('set', renamed)).toMatchObject({ layout: 'toyadmos', machines: { length: 2 } });
    const flat = files.map((file) => file.replace(/(Normal|Anomalous)Sound_\w+\//, ''));
    expect(place('set', flat).machines).toEqual(place('set', files).machines);
  });

  it('takes one case as a data set', () => {
    const inCase = files.flatMap((file) =>
      file.includes('/case1/') ? [file.slice('ToyCar/case1/'.length)] : [],
    );
    expect(place('set/ToyCar/case1', inCase).machines).toEqual([
      'ToyCar case1: test anomaly 1, train normal 3',
    ]);
  });

  it('tells of several microphones', () => {
    const { warnings } = place(
      'set',
      files.flatMap((file) => [file, file.replace('ch1', 'ch2')]),
    );
    expect(warnings).toEqual([expect.stringMatching(/the same recordings by 2 microphones \(ch1, ch2\)/)]);
  });

  it('ToyADMOS2 as its archives unpack', () => {
    const { machines, layout, warnings } = place('ToyAdmos2', [
      'toyad2_car_A_anomaly/CA001-carA1-speed1-a-damageL_mic1_00001.wav',
      'toyad2_car_A1_normal/CN001-carA1-speed1_mic1_00001.wav',
      'toyad2_car_A2_normal/CN003-carA2-speed1_mic1_00001.wav',
      'toyad2_train_B1_normal/TN003-trainB1-speed1_mic1_00001.wav',
      'toyad2_noise/N1_mic3_01595.wav',
    ]);
    expect(warnings).toEqual([expect.stringMatching(/1 recording\(s\) left out \(neither/)]);
    expect(layout).toBe('toyadmos2');
    expect(machines).toEqual(['ToyCar A: test anomaly 1, train normal 2', 'ToyTrain B: train normal 1']);
  });
});

describe('MVTec', () => {
  const files = (type: string) => [
    ...range(3).map((i) => `${type}/train/good/${i}.wav`),
    `${type}/test/good/9.wav`,
    `${type}/test/bearing_worn/0.wav`,
    `${type}/test/squeaking/0.wav`,
  ];

  it('reads every folder of the test but good as a kind of fault', () => {
    const { machines, layout } = place('set', TYPES.flatMap(files));
    expect(layout).toBe('mvtec');
    expect(machines).toEqual(
      TYPES.map((type) => `${type} 00: test anomaly 2, test normal 1, train normal 3`),
    );
  });

  it.each([
    ['bottle', ['broken_large', 'broken_small', 'contamination']],
    ['grid', ['bent', 'broken', 'glue', 'metal_contamination', 'thread']],
    ['cable', ['bent_wire', 'missing_cable', 'combined']],
  ])('reads its own kinds: %s', (type, kinds) => {
    const faults = kinds.map((kind) => `${type}/test/${kind}/000.wav`);
    const { machines } = place('set', [`${type}/train/good/0.wav`, `${type}/test/good/1.wav`, ...faults]);
    expect(machines).toEqual([`${type} 00: test anomaly ${kinds.length}, test normal 1, train normal 1`]);
  });

  it('reads one type, a test without good, and IDs', () => {
    const one = files('x').map((file) => file.slice(2));
    expect(place('set/fan', one).machines).toEqual(['fan 00: test anomaly 2, test normal 1, train normal 3']);
    const faultsAlone = one.filter((file) => !file.startsWith('test/good'));
    expect(place('set/fan', faultsAlone).machines).toEqual(['fan 00: test anomaly 2, train normal 3']);
    expect(place('set', files('fan/id_03')).machines).toEqual([
      'fan 03: test anomaly 2, test normal 1, train normal 3',
    ]);
  });
});

describe('folders on disk', () => {
  const { root, touch } = temporaryFolder();
  const at = (...names: string[]) => path.join(root, ...names);

  it('pass over what systems put there', () => {
    touch(
      ...['mac/fan/train/normal_id_00_00000000.wav', 'mac/fan/train/._normal_id_00_00000000.wav'],
      ...['mac/__MACOSX/fan/train/normal_id_00_00000001.wav', 'mac/fan/train/Thumbs.db', 'mac/fan/.DS_Store'],
      ...['mac/fan/.hidden/normal_id_00_00000002.wav', 'mac/fan/@eaDir/x.wav', 'mac/fan/train/desktop.ini'],
    );
    expect(scanDataset(at('mac')).clips.map(({ path: file }) => path.relative(root, file))).toEqual([
      path.join('mac', 'fan', 'train', 'normal_id_00_00000000.wav'),
    ]);
    expect(scanDcase2020(at('mac')).clips).toHaveLength(1);
    expect(scanDataset(at('mac')).warnings).toEqual([]);
  });

  it('take every link once, with a warning', () => {
    touch('links/fan/00/train/normal/1.wav', 'links/fan/00/train/normal/2.wav', 'elsewhere/3.wav');
    const normal = (...names: string[]) => at('links', 'fan', '00', 'train', 'normal', ...names);
    fs.symlinkSync('.', normal('0-latest'));
    fs.symlinkSync('..', normal('up'));
    fs.symlinkSync(at('links'), normal('root'));
    fs.symlinkSync('1.wav', normal('0-first.wav'));
    fs.symlinkSync('nowhere', normal('broken.wav'));
    fs.symlinkSync('loop.wav', normal('loop.wav'));
    fs.symlinkSync(at('elsewhere', '3.wav'), normal('3.wav'));
    const { clips, warnings } = scanDataset(at('links'));
    expect(clips.map((clip) => path.basename(clip.path))).toEqual(['1.wav', '2.wav', '3.wav']);
    expect(warnings).toEqual([
      expect.stringMatching(/4 link\(s\) to a folder or file that is here already left out/),
      expect.stringMatching(
        /2 file\(s\) or folder\(s\) that cannot be opened left out: .*broken\.wav, .*loop\.wav/,
      ),
    ]);
  });

  it('read recordings of every kind, and name audio that is not read', () => {
    touch(
      'kinds/fan/00/train/normal/a.flac',
      'kinds/fan/00/train/normal/b.MP3',
      'kinds/fan/00/train/normal/c.m4a',
    );
    const { clips, warnings } = scanDataset(at('kinds'));
    expect(clips).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/1 file\(s\) of kinds that are not read left out: .*c\.m4a/),
    ]);
  });

  it('of a test beside a training set are a test, wherever one begins to read', () => {
    touch(
      ...['out/train/fan/00/normal/1.wav', 'out/test/fan/00/normal/2.wav', 'out/test/fan/00/anomaly/3.wav'],
      ...['out/val/fan/00/normal/4.wav', 'test/fan/00/normal/5.wav', 'test/notes/a.txt'],
    );
    const splits = (...names: string[]) => scanDataset(at(...names)).clips.map(({ split }) => split);
    expect(splits('out', 'test', 'fan')).toEqual(['test', 'test']);
    expect(splits('out', 'test', 'fan', '00')).toEqual(['test', 'test']);
    expect(splits('out', 'val', 'fan')).toEqual(['test']);
    expect(splits('out', 'train', 'fan')).toEqual(['train']);
    expect(splits('out')).toEqual(['test', 'test', 'train']); // what is held out is left out
    expect(splits('test', 'fan')).toEqual(['train']); // a name alone says nothing
    touch('labels/ok/fan/1.wav', 'labels/nok/fan/2.wav', 'nok/fan/3.wav');
    expect(scanDataset(at('labels', 'nok', 'fan')).clips).toMatchObject([
      { label: 'anomaly', split: 'test' },
    ]);
    expect(scanDataset(at('labels', 'ok', 'fan')).clips).toMatchObject([{ label: 'normal', split: 'train' }]);
    expect(scanDataset(at('nok', 'fan')).clips).toMatchObject([{ label: 'normal' }]);
  });

  it('are said to be what they are', () => {
    touch('said/fan/id_00/normal/00000000.wav');
    expect(scanDataset(at('said'))).toMatchObject({
      layout: 'mimii',
      readAs: expect.stringContaining('MIMII'),
    });
  });
});
