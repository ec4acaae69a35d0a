import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './support/run-cli';

describe('serial-oe data check', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = (...args: string[]) => runCli(args, folder);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-data-check-'));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '3', '--test', '2', '--seconds', '2'];
    for (const out of ['sounds', 'broken']) expect((await run('synth', '--out', out, ...synth)).code).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows the machines and what to know of them, and exits with 0', async () => {
    const { code, stdout, stderr } = await run('data', 'check', 'sounds');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^type +ID +train +test normal +anomalous +unreadable +seconds +Hz +channels\n/);
    expect(stdout).toMatch(/\nfan +00 +3 +2 +2 +0 +2\.0 +16000 +1\n/);
    expect(stdout).toMatch(/warning: fan 00, 01; valve 00, 01: fewer than 33 anomalous test clips/);
    expect(stdout).toMatch(/\n28 clips of sounds checked: 0 error\(s\), 1 warning\(s\)\n$/);
    expect(stderr).toMatch(/checking clip 28\/28/);
  });

  it('names what is broken, and exits with 1', async () => {
    const train = at('broken', 'fan', 'train');
    copyFileSync(
      join(train, 'normal_id_00_00000000.wav'),
      at('broken', 'fan', 'test', 'normal_id_00_00000009.wav'),
    );
    for (let i = 10; i < 17; i++) writeFileSync(join(train, `normal_id_01_000000${i}.wav`), 'RIFF');
    const { code, stdout, stderr } = await run('data', 'check', 'broken', '--quiet');
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /error: 7 clip\(s\) cannot be read: .*\n {2}broken.fan.train.normal_id_01_00000010\.wav\n/,
    );
    expect(stdout).toMatch(/00000014\.wav\n {2}and 2 more, which --json names\n/);
    expect(stdout).toMatch(
      /error: 1 recording\(s\) stand in train and in test.*\n {2}\S+train\S+00000000\.wav = \S+test\S+00000009\.wav\n/,
    );
    const json = await run('data', 'check', 'broken', '--json', '--quiet');
    expect(json.code).toBe(1);
    const { problems, machines } = JSON.parse(json.stdout);
    expect(problems[0].paths).toHaveLength(7);
    expect(machines[1]).toMatchObject({ machineType: 'fan', machineId: '01', nUnreadable: 7 });
  });

  it('checks several together', async () => {
    const { stdout } = await run('data', 'check', 'sounds/fan', '--data', 'sounds/valve', '--quiet');
    expect(stdout).toMatch(/28 clips of fan \+ valve checked/);
    expect(stdout).not.toMatch(/has no other machine type to compare with/);
    expect((await run('data', 'check', 'sounds/fan', '--quiet')).stdout).toMatch(
      /has no other machine type to compare with/,
    );
  });

  it('holds a set to DCASE2020 when asked', async () => {
    const { stdout } = await run('data', 'check', 'sounds', '--expect', 'dcase2020', '--quiet');
    expect(stdout).toMatch(/Machine types of DCASE2020 that are not here: pump, slider, ToyCar, ToyConveyor/);
  });

  it('says what a folder is read as, and the layout in JSON', async () => {
    const clips = ['00', '01'].map((id) => at('sounds', 'fan', 'train', `normal_id_${id}_00000000.wav`));
    const copy = (from: string, ...names: string[]) => {
      mkdirSync(at(...names.slice(0, -1)), { recursive: true });
      copyFileSync(from, at(...names));
    };
    copy(clips[0]!, 'mimii', 'fan', 'id_00', 'normal', '00000000.wav');
    copy(clips[1]!, 'mimii', 'fan', 'id_00', 'abnormal', '00000000.wav');
    const { stdout } = await run('data', 'check', 'sounds', 'mimii', '--quiet');
    expect(stdout).toMatch(
      /\nsounds read as DCASE2020 Task 2: 2 machine type\(s\), 4 machine ID\(s\), 28 clips\n/,
    );
    expect(stdout).toMatch(
      /\nmimii read as MIMII as its archives unpack: 1 machine type\(s\), 1 machine ID\(s\), 2 clips\n/,
    );
    const json = JSON.parse((await run('data', 'check', 'sounds', 'mimii', '--json', '--quiet')).stdout);
    expect(json).toMatchObject({
      layouts: ['dcase2020', 'mimii'],
      readAs: expect.stringMatching(/DCASE2020.*MIMII/),
    });
    expect(stdout).not.toMatch(/Machines of DCASE2020/);
  });

  it('refuses names by which a faulty recording would train, before anything else', async () => {
    const clip = at('sounds', 'fan', 'train', 'normal_id_00_00000000.wav');
    for (const name of ['ok', 'sonderbar']) {
      mkdirSync(at('unclear', 'fan', name), { recursive: true });
      copyFileSync(clip, at('unclear', 'fan', name, '1.wav'));
    }
    const train = ['train', '--data', 'unclear', '--machine-type', 'fan', '--out', 'never'];
    for (const command of [['data', 'check', 'unclear'], train]) {
      const { code, stdout, stderr } = await run(...command);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/"sonderbar" beside "ok".*CSV manifest/);
    }
  });

  it('stops on Ctrl-C', async () => {
    // So many that the signal comes before the last of them, however late this process hears of the first.
    const train = join(folder, 'many', 'fan', 'train');
    mkdirSync(train, { recursive: true });
    const clip = join(folder, 'sounds', 'fan', 'train', 'normal_id_00_00000000.wav');
    for (let i = 0; i < 3000; i++)
      linkSync(clip, join(train, `normal_id_00_${String(i).padStart(8, '0')}.wav`));
    let isStopped = false;
    const { code, stdout, stderr } = await runCli(['data', 'check', 'many'], folder, {
      watch: (soFar, child) => {
        if (isStopped || !/checking clip/.test(soFar)) return;
        isStopped = true;
        child.kill('SIGINT');
      },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/serial-oe: interrupted/);
    expect(stdout).toBe('');
  });

  it('says what is no data set', async () => {
    const { code, stderr } = await run('data', 'check', 'nowhere');
    expect(code).toBe(1);
    expect(stderr).toMatch(/path must exist, got .*nowhere/);
  });
});
