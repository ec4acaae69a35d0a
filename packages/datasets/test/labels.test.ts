import { DatasetError } from '../src';
import { readName } from '../src/names/read-name';
import { place } from './support/place';

const at = (folder: string, ...names: string[]) => names.map((name) => `${folder}/${name}`);

describe('words of labels', () => {
  it.each([
    [
      'normal',
      'Normal',
      'NORMALS',
      'normal_01',
      'Normal sounds',
      'NormalSound_IND',
      'ok',
      'OK',
      'i.O.',
      'iO',
      'good',
      'Good_Clips',
    ],
    [
      'healthy',
      'no fault',
      'fault-free',
      'not defective',
      'in Ordnung',
      'gut',
      'Gutteile',
      'fehlerfrei',
      'kein Fehler',
      'unauffällig',
    ],
    [
      '正常',
      '正常音',
      '良品',
      '異常なし',
      'ｎｏｒｍａｌ',
      'undamaged',
      'no_anomalies',
      'Normalbetrieb',
      'intakt',
      'normal (2)',
    ],
  ])('say normal: %s, ..', (...names) => {
    for (const name of names) expect([name, ...readName(name).labels]).toEqual([name, 'normal']);
  });

  it.each([
    [
      'anomaly',
      'Anomalies',
      'anomalous',
      'AnomalousSound_IND',
      'abnormal',
      'ABNORMAL',
      'anomaly_03',
      'anomaly-03',
      'nok',
      'NOK 2',
    ],
    [
      'n.i.O.',
      'NIO',
      'ng',
      'NG',
      'not ok',
      'bad',
      'defect',
      'defects',
      'Defective',
      'faulty',
      'fault',
      'faults',
      'broken',
      'damaged',
    ],
    [
      'failed',
      'bearing defect',
      'nok_bearing',
      'Defekt',
      'fehlerhaft',
      'Schäden',
      'Schaeden',
      'auffällig',
      'nicht in Ordnung',
      'kaputt',
    ],
    [
      '異常',
      '異常音データ',
      '不良',
      '不良品',
      '故障',
      '不合格',
      '异常',
      'not normal',
      'nicht normal',
      'anómalo',
      'défaut',
      'unhealthy',
    ],
  ])('say anomaly: %s, ..', (...names) => {
    for (const name of names) {
      expect([name, ...readName(name).labels]).toEqual([name, 'anomaly']);
      expect(readName(name.normalize('NFD')).labels).toEqual(['anomaly']);
    }
  });

  it.each([
    'fan',
    'press-line_2',
    'M-12',
    '00',
    'id_00',
    'Goodyear',
    'Lüfter Halle 3',
    'anomaly_detection',
    'normal_speed',
    'IO-Link 4',
    'bypass',
    'ポンプ',
    'ToyTrain',
  ])('do not stand in %s', (name) => expect(readName(name)).toMatchObject({ labels: [], splits: [] }));
});

describe('words of splits', () => {
  it.each([
    ['train', ['train', 'Train', 'TRAINING', 'train_set', 'training data', '学習', '学習データ', '訓練']],
    ['test', ['test', 'Tests', 'testing', 'source_test', 'target_test', 'Testdaten', 'テスト', '評価用']],
    [
      'validation',
      ['val', 'valid', 'Validation', 'validation_set', 'held-out', 'hold_out', 'Validierung', '検証'],
    ],
  ] as const)('%s', (split, names) => {
    for (const name of names) expect([name, ...readName(name).splits]).toEqual([name, split]);
  });
});

describe('faulty recordings never train as normal', () => {
  it.each([
    ['ok', 'nok'],
    ['OK', 'NG'],
    ['good', 'defect'],
    ['healthy', 'faulty'],
    ['normals', 'anomalies'],
    ['Normal', 'Abnormal'],
    ['NormalSound_IND', 'AnomalousSound_IND'],
    ['gut', 'schlecht'],
    ['in Ordnung', 'nicht in Ordnung'],
    ['heil', 'Defekt'],
    ['正常', '異常'],
    ['良品', '不良品'],
    ['normal_01', 'anomaly_01'],
    ['io', 'nio'],
    ['pass', 'fail'],
    ['1_good', '2_bad'],
    ['no fault', 'bearing fault'],
    ['ok', 'nok_bearing'],
    ['bon', 'défaut'],
  ])('%s beside %s', (normal, anomaly) => {
    const files = [...at(`fan/${normal}`, '1.wav', '2.wav'), ...at(`fan/${anomaly}`, '1.wav')];
    expect(place('set', files).machines).toEqual(['fan 00: test anomaly 1, train normal 2']);
    expect(
      place(
        'set',
        files.map((file) => file.normalize('NFD')),
      ).machines,
    ).toHaveLength(1);
    expect(
      place(
        'set/fan',
        files.map((file) => file.slice(4)),
      ).machines,
    ).toEqual(['fan 00: test anomaly 1, train normal 2']);
    expect(place(`set/fan/${anomaly}`, ['1.wav', '2.wav']).machines).toEqual(['fan 00: test anomaly 2']);
  });

  it('takes a machine and a label out of one name', () => {
    const files = ['fan_ok', 'fan_nok', 'pump_ok', 'pump_nok'].flatMap((name) => at(name, '1.wav'));
    expect(place('set', files).machines).toEqual([
      'fan 00: test anomaly 1, train normal 1',
      'pump 00: test anomaly 1, train normal 1',
    ]);
    const ids = ['01_ok', '01_nok', '02_ok', '02_nok'].flatMap((name) => at(`fan/${name}`, '1.wav'));
    expect(place('set', ids).machines).toEqual([
      'fan 01: test anomaly 1, train normal 1',
      'fan 02: test anomaly 1, train normal 1',
    ]);
    const joined = ['fan_train_normal', 'fan_test_normal', 'fan_test_anomaly'].flatMap((name) =>
      at(name, '1.wav'),
    );
    expect(place('set', joined).machines).toEqual(['fan 00: test anomaly 1, test normal 1, train normal 1']);
  });

  it.each([
    [['fan_anomaly_003.wav', 'fan_normal_001.wav'], 'set 00: test anomaly 1, train normal 1'],
    [['ok_1.wav', 'NOK_2.wav'], 'set 00: test anomaly 1, train normal 1'],
    [['Lüfter defekt 2.wav', 'Lüfter 1.wav'], 'set 00: test anomaly 1, train normal 1'],
    [['録音_異常_1.wav', '録音_正常_1.wav'], 'set 00: test anomaly 1, train normal 1'],
    [['train/a_faulty.wav', 'train/b.wav'], 'set 00: train anomaly 1, train normal 1'],
    [
      ['train_normal_1.wav', 'test_normal_2.wav', 'test_anomaly_3.wav'],
      'set 00: test anomaly 1, test normal 1, train normal 1',
    ],
  ])('reads labels in file names: %j', (files, machine) =>
    expect(place('set', files).machines).toEqual([machine]),
  );

  it.each([
    ['an unknown word beside a label', ['fan/ok/1.wav', 'fan/weird/1.wav'], /"weird" beside "ok"/],
    ['one beside two', ['fan/normal/1.wav', 'fan/anomaly/1.wav', 'fan/komisch/1.wav'], /"komisch" beside/],
    ['one at the top', ['good/1.wav', 'squeaking/1.wav'], /"squeaking" beside "good"/],
    ['one in train', ['fan/train/normal/1.wav', 'fan/train/rattling/1.wav'], /"rattling" beside "normal"/],
    ['one beside anomalies alone', ['fan/defect/1.wav', 'fan/other/1.wav'], /"other" beside "defect"/],
    [
      'one in test beside both',
      ['fan/test/good/1.wav', 'fan/test/defect/1.wav', 'fan/test/x/1.wav'],
      /"x" beside/,
    ],
    ['a number beside a label', ['fan/ok/1.wav', 'fan/00/1.wav'], /"00" beside "ok"/],
    [
      'folder normal, file anomaly',
      ['fan/normal/anomaly_id_00_00000000.wav'],
      /folder says normal and its name anomaly/,
    ],
    ['folder ok, file nok', ['fan/ok/a_nok_1.wav'], /folder says normal and its name anomaly/],
    [
      'folder anomaly, file normal',
      ['fan/abnormal/normal_id_00_00000000.wav'],
      /folder says anomaly and its name normal/,
    ],
    ['two labels above', ['normal/fan/abnormal/1.wav'], /two of its folders say two labels/],
    ['a name of both labels', ['fan/normal_and_faulty/1.wav'], /speaks of anomalies/],
    ['a file of both labels', ['fan/ok_or_nok_1.wav'], /speaks of anomalies/],
    ['train and test above', ['test/fan/train/1.wav'], /two of its folders say two splits/],
    [
      'train for a test',
      ['fan/train/section_00_source_test_normal_0000.wav'],
      /folder says train and its name test/,
    ],
    ['a held-out name', ['fan/test_of_monday/1.wav', 'fan/00/1.wav'], /held out/],
  ])('refuses %s', (_, files, message) => {
    expect(() => place('set', files)).toThrow(DatasetError);
    expect(() => place('set', files)).toThrow(message);
  });

  it('says what to do', () => {
    expect(() => place('set', ['fan/ok/1.wav', 'fan/weird/1.wav'])).toThrow(/CSV manifest/);
  });

  it('leaves out what lies loose beside labels or splits', () => {
    const { machines, warnings } = place('set', [
      ...['fan/normal/1.wav', 'fan/anomaly/2.wav', 'fan/3.wav'],
      ...['pump/train/1.wav', 'pump/test/normal/2.wav', 'pump/unsorted/3.wav', 'pump/4.wav'],
    ]);
    expect(machines).toEqual([
      'fan 00: test anomaly 1, train normal 1',
      'pump 00: test normal 1, train normal 1',
    ]);
    expect(warnings).toEqual([
      expect.stringMatching(/1 recording\(s\) beside folders of labels left out: fan\.$/),
      expect.stringMatching(/2 recording\(s\) beside train and test left out: pump, pump\/unsorted\.$/),
    ]);
  });

  it('keeps clips of normals that stand above a folder of anomalies', () => {
    const { machines } = place('set', ['fan/1.wav', 'fan/2.wav', 'fan/anomaly/3.wav']);
    expect(machines).toEqual(['fan 00: test anomaly 1, train normal 2']);
  });

  it('warns where a folder says anomaly and a free name normal', () => {
    const { machines, warnings } = place('set', ['fan/anomaly/normal speed.wav', 'fan/anomaly/ok_2.wav']);
    expect(machines).toEqual(['fan 00: test anomaly 2']);
    expect(warnings).toEqual([expect.stringMatching(/1 clip\(s\) taken as anomalies by their folder/)]);
  });
});

describe('held-out recordings never train', () => {
  it.each(['val', 'validation', 'Valid', 'held_out', 'holdout', 'Validierung', '検証'])('%s', (name) => {
    const rest = ['fan/train/normal/1.wav', 'fan/test/anomaly/3.wav'];
    const { machines, warnings } = place('set', [`fan/${name}/normal/2.wav`, ...rest]);
    expect(machines).toEqual(['fan 00: test anomaly 1, train normal 1']);
    expect(warnings).toEqual([
      expect.stringMatching(/1 clip\(s\) left out: they are held out for validation/),
    ]);
    const alone = place('set', [`${name}/fan/00/normal/2.wav`, 'train/fan/00/normal/1.wav']);
    expect(alone.machines).toEqual(['fan 00: test normal 1, train normal 1']);
    expect(alone.warnings).toEqual([expect.stringMatching(/read as test clips/)]);
  });

  it('dev beside train is held out; eval is a test', () => {
    const files = ['fan/train/normal/1.wav', 'fan/dev/normal/2.wav', 'fan/eval/normal/3.wav'];
    expect(place('set', files).machines).toEqual(['fan 00: test normal 1, train normal 1']);
  });
});

describe('the root', () => {
  const files = [
    'fan/id_00/train/normal/1.wav',
    'fan/id_00/test/normal/2.wav',
    'fan/id_00/test/anomaly/3.wav',
  ];
  const machine = 'fan 00: test anomaly 1, test normal 1, train normal 1';

  it.each([
    ['as it is', 'set', ''],
    ['one too high', 'disk', 'set/'],
    ['one too deep', 'set/fan', null],
  ])('%s', (_, root, prefix) => {
    const given = prefix === null ? files.map((file) => file.slice(4)) : files.map((file) => prefix + file);
    expect(place(root, given).machines).toEqual([machine]);
  });

  it('two, three and four levels too deep', () => {
    expect(
      place(
        'set/fan/id_00',
        files.map((file) => file.slice(10)),
      ).machines,
    ).toEqual([machine]);
    expect(place('set/fan/id_00/train', ['normal/1.wav']).machines).toEqual(['fan 00: train normal 1']);
    expect(place('set/fan/id_00/test', ['normal/1.wav', 'anomaly/1.wav']).machines).toEqual([
      'fan 00: test anomaly 1, test normal 1',
    ]);
    expect(place('set/fan/id_00/test/anomaly', ['1.wav']).machines).toEqual(['fan 00: test anomaly 1']);
  });

  it('one too high, where only types follow', () => {
    for (const set of ['my set', 'ok_nok', 'val_without_id']) {
      const high = ['fan', 'pump'].flatMap((type) => [
        `${set}/${type}/train/ok/1.wav`,
        `${set}/${type}/test/nok/1.wav`,
      ]);
      expect(place('disk', high).machines).toEqual(
        ['fan', 'pump'].map((type) => `${type} 00: test anomaly 1, train normal 1`),
      );
    }
  });

  it('of a known type has IDs of any name', () => {
    const ids = ['101', 'id_7', 'M-12', 'press-line_2'].map((id) => `${id}/train/1.wav`);
    expect(place('set/fan', ids).machines.map((each) => each.split(':')[0])).toEqual([
      ...['fan 07', 'fan 101', 'fan M-12', 'fan press-line_2'],
    ]);
    expect(place('set/fan', ['fan/train/1.wav', 'pump/train/1.wav']).machines).toHaveLength(2);
  });

  it('is believed only where nothing below says the same', () => {
    expect(place('test', files).machines).toEqual([machine]);
    expect(place('anomaly', files).machines).toEqual([machine]);
    expect(place('anomaly_sounds', ['fan/train/1.wav']).machines).toEqual(['fan 00: train normal 1']);
    expect(place('faulty', ['normal_id_00_00000000.wav']).machines).toEqual(['faulty 00: train normal 1']);
    expect(place('set/fan_faulty', ['1.wav']).machines).toEqual(['fan 00: test anomaly 1']);
    expect(place('ok_nok', ['fan/1.wav']).machines).toEqual(['fan 00: train normal 1']);
  });

  it('refuses several data sets side by side rather than mixing them', () => {
    const both = ['a', 'b'].flatMap((set) => files.map((file) => `${set}/${file}`));
    expect(() => place('disk', both)).toThrow(/got a\/fan.* and b\/fan.*Name one of the folders/);
  });
});

describe('machine IDs', () => {
  it('are one machine in any spelling', () => {
    const names = ['0', '00', '000', 'id_00', 'ID-0', 'id00', 'section_00'];
    const files = names.flatMap((name) => at(`fan/${name}/normal`, '1.wav'));
    expect(place('set', files).machines).toEqual([`fan 00: train normal ${names.length}`]);
  });

  it('may be any name', () => {
    const files = ['101', 'id_7', 'M-12', 'press-line_2'].flatMap((name) => at(`fan/${name}/train`, '1.wav'));
    expect(place('set', files).machines.map((each) => each.split(':')[0])).toEqual([
      'fan 07',
      'fan 101',
      'fan M-12',
      'fan press-line_2',
    ]);
  });
});

describe('names that were not in the table', () => {
  it.each([
    [
      'Lagerschaden',
      'bearingfault',
      'Unwucht',
      'imbalance',
      'misalignment',
      'Leckage',
      'cavitation',
      'unusual',
    ],
    ['atypical', 'krank', 'anom', '異音', '磨损', 'Getriebedefekt', 'Lagerschäden', 'Verschleiß'],
  ])('say anomaly: %s, ..', (...names) => {
    for (const name of names) expect([name, ...readName(name).labels]).toEqual([name, 'anomaly']);
  });

  it('say it with what is written together with them', () => {
    for (const name of [
      'Fehlerdaten',
      'Defektaufnahmen',
      'faultdata',
      'badclips',
      'Lagerschadendaten',
      'nokdata',
    ])
      expect([name, ...readName(name).labels]).toEqual([name, 'anomaly']);
    for (const name of ['Normaldaten', 'gooddata', 'Normalaufnahme', 'okclips'])
      expect([name, ...readName(name).labels]).toEqual([name, 'normal']);
    for (const name of ['database', 'Basisdaten', 'dataset', 'Wetterdaten', 'offset', 'metadata'])
      expect([name, ...readName(name).labels, ...readName(name).splits]).toEqual([name]);
    expect(readName('testdata').splits).toEqual(['test']);
  });

  it('say normal, or nothing', () => {
    for (const name of [
      '无故障',
      '無故障',
      '异音なし'.replace('异', '異'),
      'gesund',
      'kein Lagerschaden',
      'nominal',
      'norm',
    ])
      expect([name, ...readName(name).labels]).toEqual([name, 'normal']);
    for (const name of [
      'default',
      'nonfault',
      'Malo pump',
      'Sain-Gobain',
      'nominal speed',
      'Norm Motors',
      'Fehlerstrom',
    ])
      expect([name, ...readName(name).labels]).toEqual([name]);
  });

  it.each([
    ['true', 'false'],
    ['Positive', 'Negative'],
    ['vorher', 'nachher'],
    ['before_repair', 'after_repair'],
    ['N', 'AB'],
  ])('are refused as a pair that leaves open which is normal: %s and %s', (one, other) => {
    const files = [...at(`fan/${one}`, '0.wav'), ...at(`fan/${other}`, '0.wav')];
    expect(() => place('set', files)).toThrow(/must say which one is normal/);
  });

  it('of kinds of faults are read beside normal ones and beside each other', () => {
    const files = ['normal', 'unwucht', 'Lagerschaden'].flatMap((name) => at(`fan/${name}`, '0.wav'));
    expect(place('set', files).machines).toEqual(['fan 00: test anomaly 2, train normal 1']);
    const tests = ['train/good', 'test/good', 'test/imbalance', 'test/bent'];
    expect(
      place(
        'set',
        tests.flatMap((name) => at(`fan/${name}`, '0.wav')),
      ).machines,
    ).toEqual(['fan 00: test anomaly 2, test normal 1, train normal 1']);
  });
});

describe('kinds of faults below a label', () => {
  it.each([
    [['fan/ok', 'fan/nok/bearing', 'fan/nok/imbalance'], ['fan 00: test anomaly 2, train normal 1']],
    [['ok', 'nok/bearing', 'nok/imbalance/6g'], ['set 00: test anomaly 2, train normal 1']],
    [['normal', 'imbalance/6g', 'misalignment/0.5mm'], ['set 00: test anomaly 2, train normal 1']],
    [
      ['fan/01/ok', 'fan/01/nok/loud', 'fan/02/ok'],
      ['fan 01: test anomaly 1, train normal 1', 'fan 02: train normal 1'],
    ],
    [
      ['ok/M-1', 'nok/M-1', 'nok/M-2'],
      ['M-1 00: test anomaly 1, train normal 1', 'M-2 00: test anomaly 1'],
    ],
    [
      ['ok/fan/01', 'nok/fan/02'],
      ['fan 01: train normal 1', 'fan 02: test anomaly 1'],
    ],
  ])('are no machines: %j', (folders, machines) => {
    expect(
      place(
        'set',
        folders.map((folder) => `${folder}/a.wav`),
      ).machines,
    ).toEqual(machines);
  });
});

describe('numbers before labels', () => {
  const machines = (...names: string[]) =>
    place(
      'set',
      names.map((name) => `fan/${name}/a.wav`),
    ).machines;
  it('are machines where several of them are normal, and count the labels otherwise', () => {
    const counts = 'test anomaly 1, train normal 1';
    expect(machines('01_ok', '02_ok', '02_nok')).toEqual(['fan 01: train normal 1', `fan 02: ${counts}`]);
    expect(machines('01 normal', '02 normal', '10 normal')).toHaveLength(3);
    expect(machines('0_normal', '1_anomaly')).toEqual([`fan 00: ${counts}`]);
    expect(machines('0_ok', '1_nok', '2_nok')).toEqual(['fan 00: test anomaly 2, train normal 1']);
  });
});

describe('recordings in one folder', () => {
  it('that say no label beside those that say normal are left out', () => {
    const { machines, warnings } = place('set', at('fan/01', 'Normal_0.wav', 'B007_0.wav', 'humming.wav'));
    expect(machines).toEqual(['fan 01: train normal 1']);
    expect(warnings.join()).toContain(
      '2 recording(s) left out (name without label beside recordings whose names say normal)',
    );
  });

  it('train where those beside them say anomaly alone, or their folder says normal', () => {
    expect(place('set', at('fan/01', 'rec1.wav', 'rec2_defekt.wav')).machines).toEqual([
      'fan 01: test anomaly 1, train normal 1',
    ]);
    expect(place('set', at('fan/01/train/normal', 'Normal_0.wav', 'rec.wav')).machines).toEqual([
      'fan 01: train normal 2',
    ]);
  });

  it('of noise alone never train, unless their folder says a label', () => {
    expect(place('set', at('fan/01', 'rec.wav', 'noise_01.wav', 'Hintergrund.wav')).machines).toEqual([
      'fan 01: train normal 1',
    ]);
    expect(place('set', at('fan/01/normal', 'noise_01.wav')).machines).toEqual(['fan 01: train normal 1']);
  });
});

describe('IDs and types in names of recordings', () => {
  it('are those of cut, copied and renamed clips', () => {
    const files = ['00', '02'].flatMap((id) => [
      `fan/train/normal_id_${id}_00000000_seg1.wav`,
      `fan/train/normal_id_${id}_00000001 (1).wav`,
      `fan/test/abnormal_id_${id}_00000000.wav`,
      `fan/test/id_${id}_00000001_abnormal.wav`,
    ]);
    const counts = 'test anomaly 2, train normal 2';
    expect(place('set', files).machines).toEqual([`fan 00: ${counts}`, `fan 02: ${counts}`]);
  });

  it('keep types apart where no folder names one', () => {
    const files = ['fan', 'pump'].flatMap((type) => [
      `${type}_id_02_normal_0.wav`,
      `${type}_id_02_abnormal_0.wav`,
    ]);
    const { machines, warnings } = place('set', files);
    expect(machines).toEqual([
      'fan 02: test anomaly 1, train normal 1',
      'pump 02: test anomaly 1, train normal 1',
    ]);
    expect(warnings.join()).toContain('machine types fan, pump taken from the names of the recordings');
    expect(place('set', ['bearing_fault_1.wav', 'ok_1.wav']).machines).toEqual([
      'set 00: test anomaly 1, train normal 1',
    ]);
  });

  it('are none where they number the recording', () => {
    expect(place('set', at('fan', 'clip_id_17.wav', 'clip_id_18.wav', 'grid_12_a.wav')).machines).toEqual([
      'fan 00: train normal 3',
    ]);
  });
});

describe('folders of dates', () => {
  it.each([
    ['2026-01-17', '2026-01-18'],
    ['20260117', '20260118'],
    ['17.1.2026', '18.1.2026'],
    ['2026-01-17_08-00', '2026-01-17 09h00'],
    ['2026-01', '2026-02'],
    ['Januar', 'März'],
    ['January 2026', 'Feb 2026'],
    ['KW 3', '2026-KW04'],
    ['2026/01/17', '2026/02/03'],
    ['2026/01', '2026/02'],
    ['2026-01/17', '2026-02/03'],
  ])('are no machines: %s, %s', (...dates) => {
    const files = dates.flatMap((date) => [
      `fan/01/${date}/a.wav`,
      `pump/${date}/a.wav`,
      `pump/nok/${date}/a.wav`,
    ]);
    expect(place('set', files.slice(0, 2)).machines).toEqual([
      'fan 01: train normal 1',
      'pump 00: train normal 1',
    ]);
    expect(
      place(
        'set',
        dates.map((date) => `${date}/a.wav`),
      ).machines,
    ).toEqual(['set 00: train normal 2']);
    expect(
      place(
        'set',
        dates.flatMap((date) => [`pump/ok/${date}/a.wav`, `pump/nok/${date}/a.wav`]),
      ).machines,
    ).toEqual(['pump 00: test anomaly 2, train normal 2']);
  });

  it('are not seen in IDs and types', () => {
    const ids = ['00', '17', '2026', 'M-12', '20', 'Mai Tai', 'Marco', 'line 3', '123456', 'T1-2026'];
    expect(
      place(
        'set',
        ids.map((id) => `fan/${id}/a.wav`),
      ).machines,
    ).toHaveLength(ids.length);
  });
});
