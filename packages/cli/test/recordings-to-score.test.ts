import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { DatasetError } from '@serial-oe/datasets';
import { UnknownMachineIdError } from '@serial-oe/runtime';
import { listNamedFiles, recordingsToScore } from '../src/score/recordings-to-score';

const model = (machineIds: string[], machineType = 'fan', usesMachineIds = true) => ({
  ...{ machineIds, machineType, usesMachineIds },
});
const MODEL = model(['00', '01', '02']);

describe('recordingsToScore', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'serial-oe-score-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const touch = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
  };
  /** `path ID` of each recording, `path ?` where none is known. */
  const ids = async (
    paths: string[],
    { of = MODEL, ...asked }: { of?: typeof MODEL; machineId?: string; machineType?: string } = {},
  ) => {
    const { recordings } = await recordingsToScore(of, paths, asked);
    return recordings.map((each) =>
      'clip' in each
        ? `${relative(root, each.clip.path)} ${each.clip.machineId}`
        : `${relative(root, each.path)} ?`,
    );
  };

  it.each([
    ['normal_id_00_00000000.wav', '00'],
    ['anomaly_id_02_00000000.wav', '02'],
    ['id_01_00000000.wav', '01'],
    ['ID_01_00000000.WAV', '01'],
    ['id_1_7.wav', '01'],
    ['section_01_source_test_normal_0000.wav', '01'],
    ['section_02_target_test_0000.wav', '02'],
    ['section_00_0000.wav', '00'],
    ['normal_id_07_00000000.wav', '07'],
    ['anomaly_id_02_00000000_seg1.wav', '02'],
    ['pump_id_01_normal_3.wav', '01'],
    ['clip_id_01.wav', '?'],
    ['rec 08-00.wav', '?'],
    ['01.wav', '?'],
    ['2026-01-17.wav', '?'],
    ['01_02_2026.wav', '?'],
  ])('%s is of machine %s', async (name, id) => {
    touch(name);
    expect(await ids([join(root, name)])).toEqual([`${name} ${id}`]);
  });

  it.each([
    ['id_01/monday/a.wav', '01'],
    ['00/b.wav', '00'],
    ['1/b.wav', '01'],
    ['section_02/b.wav', '02'],
    ['fan/01/b.wav', '01'],
    ['01/monday/b.wav', '01'],
    ['2026/01/17/a.wav', '?'],
    ['01/17/a.wav', '?'],
    ['2026/01/a.wav', '?'],
    ['2026/02/id_01/a.wav', '01'],
    ['id_01/2026/02/a.wav', '01'],
    ['monday/a.wav', '?'],
    ['09/a.wav', '?'],
  ])('below the argument, %s is of machine %s', async (file, id) => {
    touch(file);
    expect(await ids([root])).toEqual([`${file} ${id}`]);
  });

  it.each(['2026-01', 'Januar', 'January 2026', 'KW 3', '2026-01-17'])(
    'a number in %s is no machine',
    async (date) => {
      touch(`${date}/01/rec.wav`);
      expect(await ids([join(root, date)])).toEqual([`${date}/01/rec.wav ?`]);
    },
  );

  it.each(['a\nerror: all is well.wav', 'a\r\u001b[2Jb.wav', 'a\u202evaw.b.wav', 'no\nsuch\nfile'])(
    'names %j on one line, with nothing that a terminal obeys',
    async (name) => {
      touch('normal_id_00_1.wav', ...(name.endsWith('.wav') ? [name] : []));
      const paths = [name, 'normal_id_00_1.wav'].map((each) => join(root, each));
      const { recordings } = await recordingsToScore(MODEL, paths, undefined);
      const messages = recordings.flatMap((each) => ('error' in each ? [each.error.message] : []));
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatch(/^serial-oe score: .*must be /);
      expect(messages[0]).not.toMatch(/[\p{Cc}\u202e]/u);
    },
  );

  it('never looks above what was named', async () => {
    touch('02/today/a.wav', 'id_02/today/a.wav', '2026/02/01/a.wav', '2026/02/17/a.wav');
    // Spelt as typed: in a thread `process.chdir` moves nothing, and `.` would be the repository with whatever lies there.
    const today = `${root}/02/today`;
    const one = await recordingsToScore(
      MODEL,
      [`${today}/a.wav`, `${today}/.`, `${today}/../today`, today],
      undefined,
    );
    expect(one.recordings.every((each) => 'error' in each)).toBe(true);
    expect(one.recordings[0]).toMatchObject({ error: expect.any(DatasetError) });
    expect(one.recordings[0]).toMatchObject({
      error: { message: expect.stringMatching(/Pass --machine-id with one of 00, 01, 02/) },
    });
    expect(await ids([join(root, 'id_02', 'today')])).toEqual(['id_02/today/a.wav ?']);
    expect(await ids([join(root, 'id_02', 'today', 'a.wav')])).toEqual(['id_02/today/a.wav ?']);
    expect(await ids([join(root, '2026', '02')])).toEqual(['2026/02/01/a.wav ?', '2026/02/17/a.wav ?']);
    expect(await ids([join(root, 'id_02')])).toEqual(['id_02/today/a.wav 02']); // what was named says it itself
  });

  it('takes IDs that are no numbers from folders of just that name', async () => {
    touch('M-12/a.wav', 'press-line_2/b.wav', 'm-13/c.wav');
    const of = model(['M-12', 'press-line_2']);
    expect(await ids([root], { of })).toEqual([
      'M-12/a.wav M-12',
      'm-13/c.wav ?',
      'press-line_2/b.wav press-line_2',
    ]);
  });

  it.each(['0', '00', '000', 'id_00', 'ID-0', 'section_00'])(
    '--machine-id %s is machine 00',
    async (machineId) => {
      touch('a.wav');
      expect(await ids([join(root, 'a.wav')], { machineId })).toEqual(['a.wav 00']);
      const older = model(['0', '7']);
      expect(await ids([join(root, 'a.wav')], { of: older, machineId })).toEqual(['a.wav 0']);
    },
  );

  it('refuses an ID that the model has not, and needs none where it has one', async () => {
    touch('a.wav');
    await expect(recordingsToScore(MODEL, [root], { machineId: '77' })).rejects.toThrow(
      UnknownMachineIdError,
    );
    expect(await ids([root], { of: model(['05']) })).toEqual(['a.wav 05']);
    expect(await ids([root], { of: model(['all'], 'fan', false) })).toEqual(['a.wav all']);
  });

  it('passes over what systems put there, and takes links once', async () => {
    touch(
      '00/a.wav',
      '00/._a.wav',
      '__MACOSX/00/._b.wav',
      '__MACOSX/00/c.wav',
      '00/Thumbs.db',
      '.hidden/00/d.wav',
    );
    symlinkSync('.', join(root, '00', 'again'));
    const { recordings, warnings } = await recordingsToScore(MODEL, [root], undefined);
    expect(recordings).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/1 link\(s\)/)]);
    const named = await recordingsToScore(MODEL, [join(root, '00', '._a.wav'), join(root, '00', 'a.wav')], {
      machineId: '00',
    });
    expect(named.recordings).toHaveLength(1);
    expect(named.warnings).toEqual([expect.stringMatching(/\._a\.wav left out/)]);
  });

  it('reads recordings of every kind', async () => {
    touch('00/a.flac', '00/b.MP3', '00/c.ogg', '00/d.opus', '00/e.m4a', '00/f.txt');
    const { recordings, warnings } = await recordingsToScore(MODEL, [root], undefined);
    expect(recordings).toHaveLength(4);
    expect(warnings).toEqual([expect.stringMatching(/1 file\(s\) of kinds that are not read.*e\.m4a/)]);
  });

  it('names a missing path among many, and keeps the others', async () => {
    touch('id_00/a.wav', 'empty/readme.txt', 'b.wav');
    const paths = ['nowhere.wav', 'id_00', 'empty', 'b.wav/c.wav', 'x'.repeat(300)].map((name) =>
      join(root, name),
    );
    const { recordings } = await recordingsToScore(MODEL, paths, undefined);
    const told = recordings.map((each) => ('clip' in each ? each.clip.machineId : each.error.message));
    expect(told).toEqual([
      '00',
      expect.stringMatching(/nowhere\.wav must be a file or folder, but it does not exist/),
      expect.stringMatching(/empty must hold recordings/),
      expect.stringMatching(/c\.wav must be a file or folder, but it does not exist/),
      expect.stringMatching(/but it cannot be read \(ENAMETOOLONG\)/),
    ]);
    await expect(recordingsToScore(MODEL, [join(root, 'nowhere')], undefined)).rejects.toThrow(DatasetError);
  });

  it.each([
    ['pump/00/a.wav', 'pump'],
    ['6_dB_pump/id_00/a.wav', 'pump'],
    ['00/pump_3.wav', 'pump'],
    ['00/Pumpe 3.wav', 'pump'],
    ['00/ポンプ.wav', 'pump'],
    ['ToyCar/00/a.wav', 'ToyCar'],
    ['00/1101010001_ToyCar_case1_ab01_IND_ch1_0001.wav', 'ToyCar'],
    ['valves/00/a.wav', 'valve'],
    ['fan/00/a.wav', null],
    ['Fans/00/a.wav', null],
    ['Lüfter 3/00/a.wav', null],
    ['fan/00/pump room.wav', null],
    ['fan/00/bearing_fault.wav', null],
    ['00/bearing fault.wav', null],
    ['monday/00/a.wav', null],
  ])('warns of another type by name: %s', async (file, type) => {
    touch(file);
    const { warnings } = await recordingsToScore(MODEL, [root], { machineId: '00' });
    expect(warnings).toEqual(
      type === null
        ? []
        : [
            expect.stringMatching(
              new RegExp(`^1 recording\\(s\\) are named as of ${type}, .* the model is one of fan`),
            ),
          ],
    );
  });

  it('warns by the folder that was named, and by those above while they say no more than a split or an ID', async () => {
    touch('pump/test/normal/a.wav', 'pump/00/a.wav', 'pump/monday/a.wav', 'pump hall/fan/a.wav');
    const warningsOf = async (...names: string[]) =>
      (await recordingsToScore(MODEL, [join(root, ...names)], { machineId: '00' })).warnings.length;
    for (const names of [
      ['pump'],
      ['pump', '00'],
      ['pump', 'test'],
      ['pump', 'test', 'normal'],
      ['pump', '00', 'a.wav'],
    ]) {
      expect([...names, await warningsOf(...names)]).toEqual([...names, 1]);
    }
    expect(await warningsOf('pump', 'monday')).toBe(0);
    expect(await warningsOf('pump hall', 'fan', 'a.wav')).toBe(0);
    expect(await warningsOf('pump hall', 'fan')).toBe(0);
  });

  it('begins messages with the command that asks', async () => {
    const asked = listNamedFiles([join(root, 'none')], {
      caller: 'serial-oe add-machine',
      onWarning: () => {},
    });
    await expect(asked).rejects.toThrow(/^serial-oe add-machine: .* does not exist/);
  });

  describe('for a model of all types', () => {
    const of = model(['fan/00', 'fan/01', 'pump/00'], 'all');

    it('takes type and ID from names, and says where they do not tell the type', async () => {
      touch(
        'fan/test/normal_id_01_00000000.wav',
        'pump/id_00/a.wav',
        'other/id_00/a.wav',
        'fan/pump/id_00/a.wav',
      );
      expect((await ids([root], { of })).sort()).toEqual([
        'fan/pump/id_00/a.wav ?',
        'fan/test/normal_id_01_00000000.wav fan/01',
        'other/id_00/a.wav ?',
        'pump/id_00/a.wav pump/00',
      ]);
      expect(await ids([join(root, 'pump')], { of })).toEqual(['pump/id_00/a.wav pump/00']);
      const { recordings } = await recordingsToScore(of, [join(root, 'other')]);
      expect(recordings).toMatchObject([
        { error: { message: expect.stringMatching(/says one of fan, pump, .*Pass --machine-type/) } },
      ]);
    });

    it('takes them as the flags say', async () => {
      touch('other/a.wav');
      expect(await ids([root], { of, machineType: 'fan', machineId: '1' })).toEqual(['other/a.wav fan/01']);
      expect(await ids([root], { of, machineType: 'pump' })).toEqual(['other/a.wav pump/00']);
      expect(await ids([root], { of, machineId: 'pump/00' })).toEqual(['other/a.wav pump/00']);
      const asked = (flags: object) => recordingsToScore(of, [root], flags);
      await expect(asked({ machineType: 'valve' })).rejects.toThrow(/must be one of fan, pump, got "valve"/);
      await expect(asked({ machineId: '00' })).rejects.toThrow(UnknownMachineIdError);
      await expect(recordingsToScore(MODEL, [root], { machineType: 'pump' })).rejects.toThrow(
        /--machine-type must be fan/,
      );
    });
  });
});
