import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClip } from '@serial-oe/datasets/node';
import { BundleError } from '@serial-oe/runtime/contract';
import { startBackend } from '@serial-oe/runtime/node';
import { loadSerialOe } from '@serial-oe/serial-oe';
import { loadModel } from '../src/model/load-model';
import { runCli, type Watch } from './support/run-cli';
import { SMALL } from './support/small-config';

interface Row {
  path: string;
  machineId: string;
  anomalyScore: number;
  isAnomaly: boolean;
  members?: Record<string, number>;
}

describe('every detection system through the command', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = (args: string[], watch?: Watch) =>
    runCli(args, folder, { watch, env: { SERIAL_OE_TFJS_NODE: folder } });
  const train = (out: string, ...flags: string[]) =>
    run(['train', '--data', 'sounds', '--machine-type', 'fan', '--out', out, ...flags]);
  const small = ['--config', 'small.json', '--batch-size', '8', '--epochs', '3'];
  const score = async (model: string, ...flags: string[]): Promise<Row[]> => {
    const { code, stdout, stderr } = await run([
      'score',
      '--model',
      model,
      '--json',
      ...flags,
      'sounds/fan/test',
    ]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-systems-'));
    writeFileSync(at('small.json'), JSON.stringify(SMALL));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '4', '--seconds', '3'];
    expect((await run(['synth', '--out', 'sounds', ...synth])).code).toBe(0);
    expect((await train('ensemble', ...small)).code).toBe(0);
    expect((await train('network', '--system', 'serial-oe', ...small)).code).toBe(0);
    await startBackend('wasm'); // as the command does, down to the kernels
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('a plain network scores as loadSerialOe does, to the last bit', async () => {
    const model = await loadSerialOe(at('network'));
    const rows = await score('network');
    expect(rows).toHaveLength(16);
    for (const { path, machineId, anomalyScore } of rows) {
      const { waveform, sampleRate } = await loadClip({ path: at(path) });
      expect(model.score(waveform, { machineId, sampleRate }).anomalyScore).toBe(anomalyScore);
    }
    model.dispose();
  });

  it('the network of an ensemble is a model of its own', async () => {
    const own = await loadSerialOe(at('ensemble'));
    const alone = await loadSerialOe(at('network'));
    const { waveform, sampleRate } = await loadClip({
      path: at('sounds/fan/test/normal_id_00_00000000.wav'),
    });
    const options = { machineId: '00', sampleRate };
    expect(own.score(waveform, options)).toEqual(alone.score(waveform, options));
    const [weights, same] = ['ensemble', 'network'].map((model) =>
      readFileSync(at(model, 'weights.safetensors')),
    );
    expect(weights!.equals(same!)).toBe(true);
    own.dispose();
    alone.dispose();
  });

  it('an ensemble scores alike on threads, without them, and on an ONNX runtime', async () => {
    const rows = await score('ensemble');
    expect(await score('ensemble', '--workers', '0')).toEqual(rows);
    expect(await score('ensemble', '--workers', '2')).toEqual(rows);
    const onOnnx = await score('ensemble', '--runtime', 'onnx-web');
    const statistics = (some: Row[]) => some.map(({ members }) => members!['mel-statistics']);
    expect(statistics(onOnnx)).toEqual(statistics(rows));
  });

  it.each(['mel-statistics', 'modulation-statistics', 'twfr-gmm', 'level'])(
    '%s trains on one type, in a zip, and does the rest',
    async (name) => {
      const out = `${name}.zip`;
      const trained = await train(out, '--system', name, '--json');
      expect(trained.code).toBe(0);
      expect(JSON.parse(trained.stdout)).toMatchObject({
        system: name,
        machineIds: ['00', '01'],
        model: out,
      });
      const rows = await score(out);
      expect(rows).toHaveLength(16);
      expect(rows[0]).not.toHaveProperty('members');
      const evaluated = await run([
        'evaluate',
        '--model',
        out,
        '--data',
        'sounds',
        '--json',
        '--report',
        `${name}.html`,
      ]);
      const { baselines, members } = JSON.parse(evaluated.stdout);
      expect(members).toBeUndefined();
      expect(baselines.map(({ system }: { system: string }) => system)).not.toContain(name);
      expect(readFileSync(at(`${name}.html`), 'utf8')).toMatch(/ROC curves/);
      expect((await run(['inspect', out])).stdout).toMatch(new RegExp(`^system +${name}\n`));
      const exported = await run(['export', '--model', out, '--out', 'none.onnx']);
      expect([exported.code, exported.stderr]).toEqual([
        2,
        expect.stringMatching(/must be a model with a network/),
      ]);
      const again = await train(out, '--system', name, '--resume');
      expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/finished already/)]);
    },
  );

  it('a model that another training would make is no finished one', async () => {
    for (const flags of [
      ['--system', 'serial-oe', ...small],
      ['--system', 'mel-statistics'],
      [...small, '--seed', '1'],
    ]) {
      const { code, stderr } = await train('ensemble', '--resume', ...flags);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/ensemble must not exist yet/)]);
    }
    const same = await train('ensemble', '--resume', ...small);
    expect([same.code, same.stdout]).toEqual([0, expect.stringMatching(/is finished already/)]);
    expect(existsSync(at('ensemble.checkpoint'))).toBe(false);
    writeFileSync(at('other.json'), JSON.stringify({ ...SMALL, fusion: 'mean' }));
    const other = await train('ensemble', '--resume', ...small.slice(2), '--config', 'other.json');
    expect(other.code).toBe(1);
  });

  it('a file configures the network, and other members by their names', async () => {
    const members = { 'mel-statistics': { statistics: 'mean' } };
    const config = { ...SMALL, fusion: 'min', decision: { falseAlarmRate: 0.2 }, members };
    writeFileSync(at('both.json'), JSON.stringify(config));
    const flags = ['--config', 'both.json', '--batch-size', '8', '--epochs', '1', '--json'];
    const { code, stdout, stderr } = await train('both', ...flags);
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).config).toMatchObject({
      ...{ fusion: 'min', decision: { falseAlarmRate: 0.2 } },
      members: {
        'serial-oe': { frontEnd: SMALL.frontEnd, decision: { falseAlarmRate: 0.2 } },
        'mel-statistics': { statistics: 'mean', decision: { falseAlarmRate: 0.2 } },
      },
    });
    for (const { anomalyScore, members } of await score('both')) {
      expect(anomalyScore).toBe(Math.min(...Object.values(members!)));
    }
  });

  it('the paper stays the paper', async () => {
    const flags = ['--preset', 'paper', '--out', 'paper', '--data', 'nowhere', '--machine-type', 'fan'];
    writeFileSync(at('fusion.json'), JSON.stringify({ fusion: 'mean' }));
    const alone = await run(['train', ...flags, '--config', 'fusion.json']);
    expect(alone.stderr).toMatch(/config\.fusion is unknown/); // a field of ensembles alone
    const asked = await run(['train', ...flags, '--config', 'fusion.json', '--system', 'ensemble']);
    expect(asked.stderr).toMatch(/nowhere/);
  });

  it.each([
    [['--epochs', '3'], /--epochs configures a network, and the system level has none/],
    [['--preset', 'quick'], /--preset configures a network/],
    [['--workers', '2'], /--workers configures a network/],
    [['--known-anomalies', '2'], /--known-anomalies configures a network/],
    [['--backend', 'wasm'], /--backend configures a network/],
  ])('a system without a network refuses %j', async (flags, message) => {
    const { code, stderr } = await train('never', '--system', 'level', ...flags);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(at('never'))).toBe(false);
  });

  it('flags of a network are refused by a model that has none', async () => {
    expect((await train('quiet', '--system', 'level')).code).toBe(0);
    for (const flag of [
      ['--runtime', 'onnx-web'],
      ['--workers', '2'],
      ['--backend', 'wasm'],
    ]) {
      const { code, stderr } = await run(['score', '--model', 'quiet', ...flag, 'sounds/fan/test']);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/says how a network runs, but quiet .* has none/),
      ]);
    }
  });

  it('score decides by other thresholds where it is told to, counts, and can fail for scripts', async () => {
    const isAnomaly = (rows: readonly Row[]) => rows.filter((row) => row.isAnomaly).length;
    const all = await score('ensemble', '--threshold', '-1e9');
    expect(isAnomaly(all)).toBe(16);
    expect(isAnomaly(await score('ensemble', '--threshold', '1e9'))).toBe(0);
    const often = isAnomaly(await score('ensemble', '--false-alarm-rate', '40%'));
    expect(often).toBeGreaterThan(isAnomaly(await score('ensemble', '--false-alarm-rate', '0.0001')));
    const plain = ['score', '--model', 'ensemble', 'sounds/fan/test', '--threshold'];
    const failed = await run([...plain, '-1e9', '--fail-on-anomaly']);
    expect([failed.code, failed.stdout.trimEnd().split('\n').at(-1)]).toEqual([
      3,
      '16 of 16 clip(s) anomalous',
    ]);
    expect((await run([...plain, '1e9', '--fail-on-anomaly'])).code).toBe(0);
    const both = await run([...plain, '1', '--false-alarm-rate', '0.1']);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('cannot be given together')]);
    const typo = await run(['score', '--model', 'ensemble', 'sounds', '--false-alarm-rate', '2']);
    expect([typo.code, typo.stderr]).toEqual([2, expect.stringContaining('such as 1/day')]);
  });

  it('add-machine learns one more machine without training; the others score as before', async () => {
    for (const model of ['grown-ensemble', 'grown-level.serialoe']) {
      const system = model.includes('level') ? ['--system', 'level'] : small;
      expect((await train(model, ...system)).code).toBe(0);
      // The distance from all training sounds is smaller with those of a machine more.
      const verdicts = (rows: readonly Row[]) =>
        rows.map(({ path, anomalyScore, isAnomaly }) => ({ path, anomalyScore, isAnomaly }));
      const before = verdicts(await score(model));
      const others = ['sounds/valve/train'];
      const known = await run(['add-machine', '--model', model, '--machine-id', '0', ...others]);
      expect([known.code, known.stderr]).toEqual([2, expect.stringContaining('Pass --replace')]);
      const added = await run(['add-machine', '--model', model, '--machine-id', '07', '--json', ...others]);
      expect([added.code, added.stderr]).toEqual([0, expect.not.stringContaining('error')]);
      expect(JSON.parse(added.stdout)).toMatchObject({ machineId: '07', nRecordings: 12 });
      expect(verdicts(await score(model))).toEqual(before);
      const own = await run(['score', '--model', model, '--machine-id', '07', '--json', 'sounds/valve/test']);
      const rows: (Row & { severity: number; path: string })[] = JSON.parse(own.stdout);
      expect(rows).toHaveLength(16);
      expect(rows.every(({ severity }) => severity >= 0 && severity <= 100)).toBe(true);
      const faulty = await run(['add-machine', '--model', model, '--machine-id', '08', 'sounds/valve/test']);
      expect([faulty.code, faulty.stderr]).toEqual([1, expect.stringContaining('named as faulty')]);
      const few = await run([
        'add-machine',
        '--model',
        model,
        '--machine-id',
        '08',
        'sounds/valve/train/normal_id_00_00000000.wav',
      ]);
      expect([few.code, few.stderr]).toEqual([1, expect.stringContaining('at least 4 normal recordings')]);
    }
  });

  it('score explains, compared with normal recordings where there are any', async () => {
    const file = 'sounds/fan/test/anomaly_id_00_00000000.wav';
    const flags = ['--threshold', '-1e9', '--explain', '--normals', 'sounds'];
    const text = await run(['score', '--model', 'ensemble', file, ...flags]);
    expect([text.code, text.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    const lines = text.stdout.trimEnd().split('\n');
    expect(lines.at(-2)).toMatch(/^sounds.*wav: .*nearest normal clip: .*normal_id_00_\d+\.wav\.$/);
    expect(lines.at(-1)).toBe('1 of 1 clip(s) anomalous');
    const json = await run([
      'score',
      '--model',
      'ensemble',
      '--json',
      file,
      '--threshold',
      '-1e9',
      '--explain',
    ]);
    const [{ explanation }] = JSON.parse(json.stdout);
    expect(explanation).toMatchObject({ text: expect.any(String), nearest: [], difference: null });
    expect(explanation.nScorings).toBeLessThanOrEqual(20);
    const usual = await run(['score', '--model', 'ensemble', file, '--threshold', '1e9', '--explain']);
    expect([usual.code, usual.stderr]).toEqual([0, expect.stringContaining('nothing to explain')]);
    const alone = await run(['score', '--model', 'ensemble', file, '--normals', 'sounds']);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--normals goes with --explain')]);
  });

  it('calibrate sets thresholds anew, from what the model holds or from recordings, and saves the model', async () => {
    for (const out of ['statistics', 'statistics.serialoe']) {
      expect((await train(out, '--system', 'mel-statistics')).code).toBe(0);
      const before = await score(out);
      const held = await run(['calibrate', '--model', out, '--false-alarm-rate', '1/day', '--json']);
      expect(held.stderr).toBe('');
      const [machine] = JSON.parse(held.stdout);
      expect(machine).toMatchObject({ machineId: '00', extrapolated: true, nNormalScores: 6, nSessions: 0 });
      expect(machine.threshold).toBeGreaterThan(machine.before);
      expect(machine.falseAlarmRate).toBeCloseTo(3 / 86_400, 8); // a clip lasts 3 s
      const after = await score(out);
      expect(after.map(({ anomalyScore }) => anomalyScore)).toEqual(
        before.map(({ anomalyScore }) => anomalyScore),
      );
      const recorded = await run(['calibrate', '--model', out, '--data', 'sounds', '--tail', 'empirical']);
      expect(recorded.stdout).toContain('10 normal clip(s)');
      expect(recorded.stderr).toContain('do not tell their days');
      expect(recorded.stderr).toMatch(/(\d+) of \d+ normal clips of --data stand in the split "train"/);
      const inspected = await run(['inspect', '--json', out]);
      expect(JSON.parse(inspected.stdout).decisions['00'].normalScores).toHaveLength(10);
    }
    const nothing = await run(['calibrate', '--model', 'statistics', '--data', 'sounds/valve']);
    expect([nothing.code, nothing.stderr]).toEqual([
      1,
      expect.stringContaining('must hold normal clips of fan 00, 01'),
    ]);
  });

  it('selftest asks all of them', async () => {
    const systems = ['--system', 'ensemble,mel-statistics,level', '--epochs', '1'];
    const few = ['--severities', '-20,10', '--max-clips', '1'];
    const { code, stdout } = await run([
      'selftest',
      '--data',
      'sounds',
      '--machine-type',
      'fan',
      ...systems,
      ...few,
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ensemble +mel-statistics +level/);
  });

  it('a file that is missing or altered is named', async () => {
    const files = readdirSync(at('ensemble'));
    const ofCard = files.filter((name) => name.startsWith('model-card.')); // no part of what scores
    expect(ofCard).toHaveLength(2);
    for (const name of files.filter((file) => !ofCard.includes(file))) {
      for (const damage of ['missing', 'altered'] as const) {
        const model = at('damaged');
        rmSync(model, { recursive: true, force: true });
        cpSync(at('ensemble'), model, { recursive: true });
        if (damage === 'missing') rmSync(join(model, name));
        else {
          const bytes = readFileSync(join(model, name));
          bytes[bytes.length >> 1]! ^= 1;
          writeFileSync(join(model, name), bytes);
        }
        const warnings: string[] = [];
        const onWarning = (message: string) => warnings.push(message);
        const error: unknown = await loadModel(model, { onWarning }).catch((caught) => caught);
        if (name === 'decisions.json' && damage === 'missing') {
          expect(warnings).toEqual([expect.stringContaining('holds no decisions.json')]);
          continue;
        }
        expect(error).toBeInstanceOf(BundleError);
        expect((error as Error).message).toContain(name);
      }
    }
  });
});
