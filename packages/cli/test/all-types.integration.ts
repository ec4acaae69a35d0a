import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './support/run-cli';

const CONFIG = {
  frontEnd: { nMels: 16 },
  clipSeconds: 1,
  batch: { size: 8 },
  optimization: { nEpochs: 2 },
};
const FAULT = 'sounds/valve/test/anomaly_id_00_00000000.wav';

describe('a model of several types, whose machines are called type/ID, through every command', () => {
  let folder: string;
  const run = (...args: string[]) => runCli(args, folder);
  const train = (types: string, out: string, ...flags: string[]) =>
    run(
      ...['train', '--data', 'sounds', '--machine-type', types, '--system', 'stgram-mfn', '--out', out],
      ...['--config', 'config.json', '--json', ...flags],
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-all-types-'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
    const synth = [
      '--types',
      'fan,slider,valve',
      '--ids',
      '2',
      '--train',
      '6',
      '--test',
      '2',
      '--seconds',
      '2',
    ];
    expect((await run('synth', '--out', 'sounds', ...synth)).code).toBe(0);
    cpSync(join(folder, 'sounds/fan/test'), join(folder, 'plain'), { recursive: true }); // which says no type
    expect((await train('all', 'all')).code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a list of types makes a model that watches these; the others are further classes', async () => {
    const trained = await train('fan,valve', 'two', '--held-out-anomalies', '1');
    const { machineIds, provenance } = JSON.parse(trained.stdout);
    expect(machineIds).toEqual(['fan/00', 'fan/01', 'valve/00', 'valve/01']);
    expect(provenance).toMatchObject({ nClasses: 6, nNormalClips: 36 - 8 }); // two of each watched machine are held out
    const card = readFileSync(join(folder, 'two/model-card.md'), 'utf8');
    expect(card).toMatch(/\| valve\/train \| valve \| 00, 01 \| normal \| 12 \|/);
    expect(card).toMatch(/\| slider\/train \| slider \| 00, 01 \| outliers \| 12 \|/);
    const { stdout } = await run(
      'evaluate',
      '--model',
      'two',
      '--data',
      'sounds',
      '--json',
      '--no-baselines',
    );
    const types: { machineType: string; nHeldOut: number }[] = JSON.parse(stdout);
    expect(types.map(({ machineType, nHeldOut }) => [machineType, nHeldOut])).toEqual([
      ['fan', 2],
      ['valve', 2],
    ]);
    const compared = await run('compare', '--data', 'sounds', '--json', 'all', 'two'); // on what both know
    const machines: { machineId: string | null; nAnomalous: number }[] = JSON.parse(
      compared.stdout,
    ).differences;
    expect(machines.map(({ machineId, nAnomalous }) => [machineId, nAnomalous])).toEqual([
      ...['fan/00', 'fan/01', 'valve/00', 'valve/01'].map((name) => [name, 1]),
      [null, 4],
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['fan,pump', 'stgram-mfn', /must hold normal training clips of pump, got none/],
    ['fan,fan', 'stgram-mfn', /must be a type, a list such as fan,pump with each type once, or all/],
    ['fan,all', 'stgram-mfn', /must be a type, a list such as fan,pump with each type once, or all/],
    ['fan,valve', 'autoencoder', /--machine-type fan,valve goes with a system that learns all types at once/],
  ])('a list that cannot be is refused: %s of %s', async (types, system, message) => {
    const { code, stderr } = await run(
      ...['train', '--data', 'sounds', '--machine-type', types, '--system', system, '--out', 'never'],
    );
    expect([code === 0, stderr]).toEqual([false, expect.stringMatching(message)]);
  });

  it('monitor and watch score by its names, and say which there are', async () => {
    const [row] = JSON.parse((await run('score', '--model', 'all', '--json', FAULT)).stdout);
    expect(row.machineId).toBe('valve/00');
    const monitor = (machineId: string, ...flags: string[]) =>
      run('monitor', '--model', 'all', '--machine-id', machineId, '--source', FAULT, ...flags);
    const heard = await monitor('valve/0', '--json', '--scores', '--window', '2', '--hop', '2');
    const events = heard.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const score = events.find(({ kind }) => kind === 'score');
    expect([heard.code, score.anomalyScore]).toEqual([0, row.anomalyScore]);
    expect((await monitor('valve/00', '--dry-run')).stdout).toContain(
      'machine valve/00 by a model of several types, stgram-mfn',
    );
    const unknown = await monitor('00', '--dry-run');
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(/must be one that the model model knows \(fan\/00, .*\), got 00\. Name one/),
    ]);

    const watched = await run('watch', 'sounds', '--model', 'all', '--once', '--json', '--state', 's.json');
    const lines = watched.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(36 + 24);
    const same = lines.find(({ path }) => FAULT.endsWith(path));
    expect([same.machineId, same.anomalyScore]).toEqual(['valve/00', row.anomalyScore]);
    const untold = await run('watch', 'plain', '--model', 'all', '--once', '--state', 's2.json');
    expect([untold.code, untold.stderr]).toEqual([1, expect.stringMatching(/Pass --machine-type\./)]);
    const told = ['--machine-type', 'fan', '--state', 's2.json', '--json'];
    const again = await run('watch', 'plain', '--model', 'all', '--once', ...told);
    expect([again.code, again.stdout.match(/"machineId":"fan\/0[01]"/g)?.length]).toEqual([0, 8]);
  });

  it('calibrate sets the thresholds of all machines, or of one type, and takes known faults', async () => {
    cpSync(join(folder, 'all'), join(folder, 'set'), { recursive: true });
    const calibrate = async (...flags: string[]) => {
      const { code, stdout, stderr } = await run('calibrate', '--model', 'set', '--json', ...flags);
      if (code !== 0) throw new Error(stderr);
      const rows: { machineId: string; before: number; threshold: number; nFaults?: number }[] =
        JSON.parse(stdout);
      return new Map(rows.map((each) => [each.machineId, each]));
    };
    const all = await calibrate('--data', 'sounds', '--false-alarm-rate', '0.2');
    expect([...all.keys()].sort()).toEqual([
      ...['fan/00', 'fan/01', 'slider/00', 'slider/01', 'valve/00', 'valve/01'],
    ]);
    const fans = await calibrate('--machine-type', 'fan', '--false-alarm-rate', '1/day');
    expect([...fans.keys()].sort()).toEqual(['fan/00', 'fan/01']);
    for (const [name, { before, threshold }] of fans) {
      expect([before, threshold > before]).toEqual([all.get(name)!.threshold, true]);
    }
    const known = ['--anomalies', 'plain', '--machine-type', 'fan', '--miss-cost', '1000'];
    const withFaults = await calibrate(...known);
    expect(withFaults.get('fan/01')).toMatchObject({ nFaults: 2 });
    const still = await calibrate('--data', 'sounds', '--machine-type', 'slider');
    expect([...still.keys()].sort()).toEqual(['slider/00', 'slider/01']);
    const { stdout } = await run('score', '--model', 'set', '--json', FAULT);
    expect(JSON.parse(stdout)[0].threshold).toBe(all.get('valve/00')!.threshold);
  });

  it('compare, evaluate --write-card and score --explain take it', async () => {
    cpSync(join(folder, 'all'), join(folder, 'same'), { recursive: true });
    const compared = await run('compare', '--data', 'sounds', 'all', 'same', '--report', 'page.html');
    expect([compared.code, compared.stdout]).toEqual([
      0,
      expect.stringMatching(/^slider\/01 +2 +2 .* \+0\.0000/m),
    ]);
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(/several machine types, 12 normal/);

    const written = await run(
      ...['evaluate', '--model', 'same', '--data', 'sounds', '--no-baselines', '--write-card'],
    );
    expect(written.code).toBe(0);
    const { content: card } = JSON.parse(readFileSync(join(folder, 'same/model-card.json'), 'utf8'));
    const measured = card.results.machines.map(({ machineId }: { machineId: string }) => machineId);
    expect(measured).toEqual(['fan/00', 'fan/01', 'slider/00', 'slider/01', 'valve/00', 'valve/01']);

    const explained = await run(
      ...['score', '--model', 'all', '--explain', '--normals', 'sounds', '--threshold', '-1e9', '--json'],
      ...['--machine-type', 'fan', 'plain/anomaly_id_01_00000000.wav'],
    );
    const [{ machineId, explanation }] = JSON.parse(explained.stdout);
    expect([machineId, explanation.nearest[0].name]).toEqual([
      'fan/01',
      expect.stringMatching(/sounds\/fan\/(train|test)\/normal_id_01_/),
    ]);
  });

  it.each<[string, string[], RegExp]>([
    [
      'finetune',
      ['finetune', '--model', 'all', '--data', 'sounds', '--anomalies', 'plain', '--out', 'never'],
      /stgram-mfn has nothing to be tuned\. Train it again with .*"serial-oe compare" tells/,
    ],
    [
      'add-machine',
      ['add-machine', '--model', 'all', '--machine-id', '07', 'plain'],
      /stgram-mfn, learns no machine more: a machine is a class of its network/,
    ],
    [
      'calibrate with faults of a type that nobody says',
      ['calibrate', '--model', 'all', '--anomalies', 'plain'],
      /need --machine-type with a model of several types\. Name the one that they are of: fan, slider, valve/,
    ],
    [
      'calibrate of a type that it has not',
      ['calibrate', '--model', 'all', '--machine-type', 'pump'],
      /--machine-type must be one of fan, slider, valve, got "pump"/,
    ],
    [
      'a card of one type',
      ['evaluate', '--model', 'all', '--data', 'sounds', '--machine-type', 'fan', '--write-card'],
      /--write-card goes without --machine-type/,
    ],
  ])('%s is refused, and what to do is said', async (_, args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
