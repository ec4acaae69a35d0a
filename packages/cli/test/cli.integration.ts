import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type Watch } from './support/run-cli';
import { SMALL } from './support/small-config';

/** Of the ensemble that `train` makes. */
const MEMBERS = ['serial-oe', 'mel-statistics', 'modulation-statistics', 'level'];

describe('the serial-oe command', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);

  /** Without tfjs-node, whatever is installed here. */
  const run = (args: string[], watch?: Watch) =>
    runCli(args, folder, { watch, env: { SERIAL_OE_TFJS_NODE: folder } });

  const trainFlags = ['--data', 'sounds', '--machine-type', 'fan', '--config', 'small.json', '--epochs', '3'];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-cli-'));
    writeFileSync(at('small.json'), JSON.stringify(SMALL));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '4', '--seconds', '3'];
    const easy = ['--id-spread', '10', '--clip-spread', '0', '--snr', '6', '--severity', '0.2']; // no clip sounds foreign
    const written = await run(['synth', '--out', 'sounds', ...synth, ...easy, '--json']);
    expect(written.code).toBe(0);
    expect(JSON.parse(written.stdout).nClips).toBe(56);
    const trained = await run(['train', ...trainFlags, '--batch-size', '8', '--out', 'model', '--json']);
    expect(trained.code).toBe(0);
    const result = JSON.parse(trained.stdout);
    expect(result).toMatchObject({
      ...{ model: 'model', system: 'ensemble', members: MEMBERS },
      ...{ machineType: 'fan', machineIds: ['00', '01'] },
    });
    expect(result.provenance.members['serial-oe'].history).toHaveLength(3);
    expect(trained.stderr).toMatch(
      /^sounds read as DCASE2020 Task 2: 2 machine type\(s\), 4 machine ID\(s\), 56 clips\n/,
    );
    expect(trained.stderr).toMatch(/\nfan +00 +6 +0 +4 +4\n/);
    expect(trained.stderr).toMatch(/epoch 3\/3 done {2}mean loss \d/);
    expect(trained.stderr).toMatch(/\d+\.\d clips\/s {2}0:\d\d left/);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('leaves a model and no checkpoint', () => {
    expect(readdirSync(at('model')).sort()).toEqual([
      ...[
        'decisions.json',
        'ensemble.json',
        'level.model.json',
        'manifest.json',
        'mel-statistics.model.json',
        'model-card.json',
        'model-card.md',
      ],
      ...['modulation-statistics.model.json', 'weights.safetensors'],
    ]);
    expect(existsSync(at('model.checkpoint'))).toBe(false);
  });

  it('does not overwrite a model unasked', async () => {
    const { code, stderr } = await run(['train', ...trainFlags, '--out', 'model']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/model must not exist yet.*--overwrite/);
  });

  it('saves a checkpoint on Ctrl-C and resumes to the same model', async () => {
    const flags = ['train', ...trainFlags, '--batch-size', '8', '--out', 'again'];
    let isStopped = false;
    const stopped = await run(flags, (stderr, child) => {
      if (isStopped || !/step 2\/9/.test(stderr)) return;
      isStopped = true;
      child.kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/stopping once a checkpoint/);
    expect(stopped.stderr).toMatch(/interrupted; the state of the run is in .*again\.checkpoint/);
    expect(existsSync(at('again.checkpoint', 'checkpoint.safetensors'))).toBe(true);

    const refused = await run(flags);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/holds an unfinished run. Pass --resume/);

    const resumed = await run([...flags, '--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/resuming from .* at epoch [12]/);
    const weights = (name: string) => readFileSync(at(name, 'weights.safetensors'));
    expect(weights('again').equals(weights('model'))).toBe(true);
    const detectors = (name: string) => JSON.parse(readFileSync(at(name, 'manifest.json'), 'utf8')).detectors;
    expect(detectors('again')).toEqual(detectors('model'));
  });

  it('scores files and folders, a row a clip', async () => {
    const json = await run(['score', '--model', 'model', '--json', 'sounds/fan/test']);
    expect(json.code).toBe(0);
    const rows = JSON.parse(json.stdout);
    expect(rows).toHaveLength(16);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([
        ...['path', 'machineId', 'anomalyScore', 'isAnomaly', 'threshold'],
        ...['distanceFromTraining', 'isUnlikeTraining', 'severity', 'percentile', 'members'],
      ]);
      expect(row.anomalyScore).toBe(Math.max(...(Object.values(row.members) as number[])));
      expect(row.isUnlikeTraining).toBe(row.distanceFromTraining > 1.5);
      expect(row.isAnomaly).toBe(row.anomalyScore > row.threshold);
      expect(row.isAnomaly).toBe(row.severity > 50);
      expect(row.percentile).toBeGreaterThan(0);
      expect(row.percentile).toBeLessThan(1);
      expect(row.path).toContain(`id_${row.machineId}_`);
    }
    const csv = await run(['score', '--model', 'model', '--csv', '--quiet', 'sounds/fan/test']);
    const lines = csv.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      'path,machineId,anomalyScore,isAnomaly,threshold,distanceFromTraining,isUnlikeTraining,severity,percentile',
    );
    const { members: _, ...first } = rows[0];
    expect(lines[1]).toBe(Object.values(first).join(','));
    expect(lines).toHaveLength(17);
    expect(csv.stderr).toBe('');
  });

  it('scores and evaluates alike with more threads, or none', async () => {
    const score = ['score', '--model', 'model', '--json', 'sounds/fan/test'];
    const evaluate = ['evaluate', '--model', 'model', '--data', 'sounds', '--json'];
    for (const command of [score, evaluate]) {
      const one = await run(command);
      for (const workers of ['0', '2']) {
        const { code, stdout } = await run([...command, '--workers', workers]);
        expect(code).toBe(0);
        expect(stdout).toBe(one.stdout);
      }
    }
    const { code, stderr } = await run([...score, '--workers', '-1']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--workers must be an integer of at least 0, got "-1"/);
  });

  it('shows on Ctrl-C what it has scored, with threads too', async () => {
    for (let i = 0; i < 8; i++)
      cpSync(at('sounds', 'fan', 'test'), at('many', String(i)), { recursive: true });
    let isStopped = false;
    const { code, stdout, stderr } = await run(
      ['score', '--model', 'model', '--workers', '2', '--json', 'many'],
      (soFar, child) => {
        if (isStopped || !/scoring \d+\/128/.test(soFar)) return;
        isStopped = true;
        child.kill('SIGINT');
      },
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/serial-oe: interrupted/);
    const rows = JSON.parse(stdout);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(128);
  });

  it('needs to know the machine of a recording', async () => {
    copyFileSync(at('sounds', 'fan', 'test', 'normal_id_00_00000000.wav'), at('recording.wav'));
    const unknown = await run(['score', '--model', 'model', 'recording.wav']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/Pass --machine-id with one of 00, 01/);
    const known = await run(['score', '--model', 'model', '--machine-id', '01', '--json', 'recording.wav']);
    expect(JSON.parse(known.stdout)).toMatchObject([{ path: 'recording.wav', machineId: '01' }]);
    const wrong = await run(['score', '--model', 'model', '--machine-id', '77', 'recording.wav']);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/--machine-id must be one of 00, 01, got "77"/);
  });

  it('takes the machine from the folder that it names', async () => {
    const clip = at('sounds', 'fan', 'test', 'normal_id_00_00000000.wav');
    cpSync(clip, at('new', 'id_01', 'monday', 'a.wav'));
    cpSync(clip, at('new', '00', 'b.wav'));
    mkdirSync(at('new', '00', 'a folder.wav'));
    const { stdout } = await run(['score', '--model', 'model', '--json', 'new']);
    expect(JSON.parse(stdout)).toMatchObject([
      { path: join('new', '00', 'b.wav'), machineId: '00' },
      { path: join('new', 'id_01', 'monday', 'a.wav'), machineId: '01' },
    ]);
  });

  it('takes no machine from dates or from folders above, and scores what else it is given', async () => {
    const clip = at('sounds', 'fan', 'test', 'normal_id_00_00000000.wav');
    cpSync(clip, at('dated', '2026', '01', '17', 'rec.wav'));
    cpSync(clip, at('eval', 'id_01_00000000.wav'));
    const dated = await run(['score', '--model', 'model', '--json', 'dated', 'eval', 'nowhere']);
    expect(dated.code).toBe(1);
    expect(JSON.parse(dated.stdout)).toMatchObject([
      { path: join('eval', 'id_01_00000000.wav'), machineId: '01' },
    ]);
    expect(dated.stderr).toMatch(/the machine ID of .*rec\.wav must be known/);
    expect(dated.stderr).toMatch(/nowhere must be a file or folder, but it does not exist/);
    const told = await run(['score', '--model', 'model', '--json', '--machine-id', '0', 'dated']);
    expect(JSON.parse(told.stdout)).toMatchObject([{ machineId: '00' }]);
  });

  it('warns where names say another machine type', async () => {
    const { code, stderr } = await run([
      'score',
      '--model',
      'model',
      '--json',
      '--quiet',
      'sounds/valve/test',
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: 16 recording\(s\) are named as of valve, .*the model is one of fan/);
  });

  it('trains into one place once at a time', async () => {
    mkdirSync(at('busy.checkpoint'));
    const owner = { pid: process.pid, host: hostname() };
    writeFileSync(at('busy.checkpoint', 'running.json'), JSON.stringify(owner));
    const { code, stderr } = await run(['train', ...trainFlags, '--out', 'busy']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/busy\.checkpoint must not be in use, but process \d+/);
  });

  it('tells before the training what --overwrite will not replace', async () => {
    const { code, stderr } = await run(['train', ...trainFlags, '--out', 'sounds', '--overwrite']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/sounds must be a model to be replaced/);
    expect(stderr).not.toMatch(/epoch/);
    expect(existsSync(at('sounds', 'fan'))).toBe(true);
    expect(existsSync(at('sounds.checkpoint'))).toBe(false);
  });

  it('names a recording that cannot be scored, scores the others, and exits with 1', async () => {
    writeFileSync(at('broken.wav'), 'RIFF');
    copyFileSync(at('sounds', 'fan', 'test', 'normal_id_00_00000000.wav'), at('good.wav'));
    const { code, stdout, stderr } = await run([
      ...['score', '--model', 'model', '--machine-id', '00', '--json', '--quiet'],
      ...['broken.wav', 'good.wav'],
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ path: 'good.wav' }]);
    expect(stderr).toMatch(/error: .*broken\.wav/);
  });

  it('warns of recordings that a person would not trust, each once, and scores them', async () => {
    const good = readFileSync(at('sounds', 'fan', 'test', 'normal_id_00_00000000.wav'));
    writeFileSync(at('silent.wav'), Buffer.concat([good.subarray(0, 44), Buffer.alloc(good.length - 44)]));
    const piped = Buffer.from(good);
    piped.writeUInt32LE(0xffffffff, 40);
    writeFileSync(at('piped.wav'), piped);
    writeFileSync(at('good.wav'), good);
    const flags = ['score', '--model', 'model', '--machine-id', '00', '--json', '--quiet'];
    const { code, stdout, stderr } = await run([...flags, 'silent.wav', 'piped.wav', 'good.wav']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(3);
    const notes = stderr.split('\n').filter((line) => /^warning: \w+\.wav: /.test(line));
    expect(notes).toEqual([
      'warning: silent.wav: Silence: every sample is 0.',
      expect.stringMatching(
        /^warning: piped\.wav: The header states 4294967295 bytes .* read to the end of the file, 3 s\.$/,
      ),
    ]);
  });

  it('evaluates, writes a page, and tells the figures', async () => {
    const text = await run(['evaluate', '--model', 'model', '--data', 'sounds', '--report', 'report.html']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/fan 00 +4 +4 +[01]\.\d{4}/);
    expect(text.stdout).toMatch(/mean of the IDs/);
    expect(text.stdout).toMatch(/pooled \(one curve\)/);
    expect(text.stdout).toMatch(/mel-statistics alone +[01]\.\d{4}/);
    expect(text.stdout).toMatch(/level alone +[01]\.\d{4}/);
    expect(readFileSync(at('report.html'), 'utf8')).toMatch(
      /^<!DOCTYPE html>[\s\S]*ROC curves[\s\S]*<\/html>\n$/,
    );
    const json = await run(['evaluate', '--model', 'model', '--data', 'sounds', '--json', '--quiet']);
    const { results, summary, members, baselines } = JSON.parse(json.stdout);
    expect(results).toHaveLength(16);
    const names = (some: { system: string }[]) => some.map(({ system }) => system);
    expect(names(members)).toEqual(MEMBERS);
    expect(baselines).toEqual([]); // the ensemble has them
    expect(summary.perType[0]).toMatchObject({ machineType: 'fan' });
  });

  it('says how small a fault would be found', async () => {
    const flags = ['--data', 'sounds', '--machine-type', 'fan', '--severities', '-20,10', '--max-clips', '1'];
    const text = await run(['selftest', ...flags, '--report', 'selftest.html']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(
      /fan 00, at one false alarm a day \(1 in 28800 clips\): 4 normal clips to learn from, 2 held out/,
    );
    expect(text.stdout).toMatch(/leak hiss +(-20 dB|10 dB|not found)/);
    expect(readFileSync(at('selftest.html'), 'utf8')).toMatch(/share found/);
    const json = await run(['selftest', ...flags, '--json', '--quiet']);
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toMatchObject({ machineType: 'fan', severitiesDb: [-20, 10] });
  });

  it('trains with known anomalies, which evaluate then leaves out', async () => {
    const out = ['--out', 'known', '--known-anomalies', '2'];
    const trained = await run([
      'train',
      ...trainFlags,
      '--epochs',
      '1',
      '--batch-size',
      '8',
      ...out,
      '--json',
    ]);
    expect(trained.code).toBe(0);
    const { provenance } = JSON.parse(trained.stdout);
    expect(provenance.members['serial-oe']).toMatchObject({ nKnownAnomalies: 4 });
    expect(provenance.heldOutClips).toHaveLength(4);
    const { code, stdout, stderr } = await run([
      'evaluate',
      '--model',
      'known',
      '--data',
      'sounds',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ nHeldOut: 4 });
    expect(JSON.parse(stdout).results).toHaveLength(12);
    expect(stderr).toMatch(/4 test clip\(s\) left out/);
  });

  it('shows what a model is', async () => {
    const text = await run(['inspect', 'model']);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/machine IDs +00, 01/);
    expect(text.stdout).toMatch(/ensemble: serial-oe, mel-statistics, modulation-statistics and level/);
    expect(text.stdout).toMatch(/6 clip\(s\), crossFit/);
    expect(JSON.parse((await run(['inspect', '--json', 'model'])).stdout)).toMatchObject({
      ...{ system: 'ensemble', machineType: 'fan', fusion: 'max' },
      members: MEMBERS.map((system) => ({ system })),
    });
  });

  it.each([
    [['train', '--data', 'nowhere', '--machine-type', 'fan', '--out', 'x'], /nowhere/],
    [
      ['train', '--data', 'sounds', '--machine-type', 'pump', '--out', 'x'],
      /machineType must be a type of the dataset \(fan, valve\)/,
    ],
    [['score', '--model', 'nowhere', 'x.wav'], /nowhere, which does not exist/],
    [['score', '--model', 'model', 'nowhere'], /nowhere must be a file or folder/],
    [['evaluate', '--model', 'model', '--data', 'small.json'], /small\.json/],
    [
      ['inspect', 'sounds'],
      /sounds must hold a model, which has ensemble\.json or manifest\.json or model\.json/,
    ],
    [
      ['train', ...['--data', 'sounds', '--machine-type', 'fan', '--out', 'x'], '--weights', 'nowhere'],
      /nowhere/,
    ],
    [['synth', '--out', 'sounds'], /sounds/],
  ])('%j fails with a message and exit code 1', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /); // no stack trace
    expect(stdout).toBe('');
    expect(existsSync(at('x'))).toBe(false);
  });

  it('says what to install for a backend that is not there', async () => {
    const flags = ['--data', 'nowhere', '--machine-type', 'fan', '--out', 'x', '--backend', 'node'];
    const { code, stderr } = await run(['train', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/@tensorflow\/tfjs-node is installed, got .* serial-oe-build-tfjs-node/);
    expect(stderr).not.toMatch(/nowhere/);
  });
});
