import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, type Watch } from './support/run-cli';
import { SMALL } from './support/small-config';

describe('training that is stopped, finished or in the way', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = (args: string[], watch?: Watch) =>
    runCli(args, folder, { watch, env: { SERIAL_OE_TFJS_NODE: folder } });
  const flags = (config: string, ...others: string[]) => [
    ...['train', '--data', 'sounds', '--machine-type', 'fan', '--batch-size', '8', '--epochs', '4'],
    ...['--config', config, ...others],
  ];
  const writeConfig = (name: string, changes: object) =>
    writeFileSync(at(name), JSON.stringify({ ...SMALL, ...changes }));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-stopping-'));
    writeConfig('small.json', {});
    writeConfig('other-detector.json', {
      detector: { kind: 'gaussianMixture', nComponents: 1 },
      decision: { falseAlarmRate: 0.2, aggregation: 'max' },
    });
    writeConfig('other-loss.json', { loss: { alpha: 3 } });
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '4', '--seconds', '3'];
    expect((await run(['synth', '--out', 'sounds', ...synth])).code).toBe(0);
    expect((await run(flags('small.json', '--out', 'model'))).code).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const weights = (name: string) => readFileSync(at(name, 'weights.safetensors'));

  /** Stops a training when it is under way. */
  async function stop(out: string, signal: NodeJS.Signals, config = 'small.json') {
    let isStopped = false;
    return run(flags(config, '--out', out), (stderr, child) => {
      if (isStopped || !/step [3-6]\/12/.test(stderr)) return;
      isStopped = true;
      child.kill(signal);
      child.kill(signal); // as closing terminals do
    });
  }

  it.each(['SIGHUP', 'SIGTERM'] as const)(
    '%s saves a checkpoint, from which the same model comes',
    async (signal) => {
      const out = `after-${signal}`;
      const stopped = await stop(out, signal);
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toMatch(/interrupted; the state of the run is in .*\.checkpoint/);
      expect((await run(flags('small.json', '--out', out, '--resume'))).code).toBe(0);
      expect(weights(out).equals(weights('model'))).toBe(true);
      expect(existsSync(at(`${out}.checkpoint`))).toBe(false);
    },
  );

  it('SIGHUP saves a checkpoint also where the terminal is gone already', async () => {
    const cli = join(__dirname, '../dist/cli.js');
    const child = spawn(process.execPath, [cli, ...flags('small.json', '--out', 'gone')], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      if (!/step [3-6]\/12/.test(stderr) || child.stderr.destroyed) return;
      child.stderr.destroy();
      child.kill('SIGHUP');
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).toBe(130);
    expect(readdirSync(at('gone.checkpoint'))).toEqual(['checkpoint.safetensors']);
  });

  // `script` gives a command a terminal, which is gone with it.
  const hasScript = spawnSync('script', ['--version']).status === 0;
  /** Closes the terminal of a shell command in its training. */
  async function closeTerminal(command: (training: string) => string, out: string): Promise<void> {
    const cli = join(__dirname, '../dist/cli.js');
    const training = [process.execPath, cli, ...flags('small.json', '--out', out)].join(' ');
    const terminal = spawn('script', ['-qec', command(training), '/dev/null'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let shown = '';
    terminal.stdout.on('data', (chunk) => {
      shown += chunk;
      if (/step [3-6]\/12/.test(shown)) terminal.kill('SIGKILL');
    });
    await new Promise((resolve) => terminal.on('exit', resolve));
  }

  (hasScript ? it : it.skip)('a terminal that is closed leaves a checkpoint', async () => {
    let out = 'closed';
    // On a busy machine the training may be through before its terminal is gone: that says nothing, and is tried again.
    for (let i = 0; i === 0 || (existsSync(at(out)) && i < 5); i++) {
      out = `closed-${i}`;
      await closeTerminal((training) => `exec ${training}`, out);
      while (existsSync(at(`${out}.checkpoint`, 'running.json'))) await sleep(100);
    }
    expect(existsSync(at(out))).toBe(false);
    expect(readdirSync(at(`${out}.checkpoint`))).toEqual(['checkpoint.safetensors']);
    expect((await run(flags('small.json', '--out', out, '--resume'))).code).toBe(0);
    expect(weights(out).equals(weights('model'))).toBe(true);
  });

  (hasScript ? it : it.skip)(
    'a shell that ignores the end of its terminal lets a training finish, exit code 0',
    async () => {
      // As `nohup` does for what writes elsewhere. Node's own way to leave a lost terminal is an abort.
      await closeTerminal((training) => `trap "" HUP; ${training}; echo $? > code.txt`, 'ignored');
      while (!existsSync(at('code.txt'))) await sleep(100);
      await sleep(100);
      expect(readFileSync(at('code.txt'), 'utf8').trim()).toBe('0');
      expect(weights('ignored').equals(weights('model'))).toBe(true);
    },
  );

  it('a training that is finished already is told as that, exit code 0', async () => {
    const again = await run(flags('small.json', '--out', 'model', '--resume'));
    expect([again.code, again.stdout]).toEqual([
      0,
      expect.stringMatching(/model is finished already, nothing was left/),
    ]);
    const json = await run(flags('small.json', '--out', 'model', '--resume', '--overwrite', '--json'));
    expect(JSON.parse(json.stdout)).toMatchObject({ isFinishedAlready: true, model: 'model' });
    expect(json.stderr).not.toMatch(/step/);
    // Another run's model stays an error, and one without --resume too.
    for (const args of [
      flags('other-loss.json', '--out', 'model', '--resume'),
      flags('small.json', '--out', 'model'),
    ]) {
      const refused = await run(args);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/model must not exist yet/);
    }
    expect(existsSync(at('model.checkpoint'))).toBe(false);
  });

  it('settings of detectors and decisions do not bar a resume, those of the training do', async () => {
    await stop('changed', 'SIGINT');
    const barred = await run(flags('other-loss.json', '--out', 'changed', '--resume'));
    expect(barred.code).toBe(1);
    expect(barred.stderr).toMatch(/must belong to this run, but it differs in loss \(.*--restart/);
    const resumed = await run(flags('other-detector.json', '--out', 'changed', '--resume'));
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringMatching(/resuming from/)]);
    expect(weights('changed').equals(weights('model'))).toBe(false); // mixtures stand beside the weights
    const manifest = JSON.parse(readFileSync(at('changed', 'manifest.json'), 'utf8'));
    expect(manifest.config).toMatchObject({ detector: { nComponents: 1 }, decision: { aggregation: 'max' } });
    const whole = await run(flags('other-detector.json', '--out', 'whole'));
    expect(whole.code).toBe(0);
    expect(weights('changed').equals(weights('whole'))).toBe(true);
  });

  it('a damaged checkpoint is told with its file and the remedy, which works', async () => {
    await stop('damaged', 'SIGINT');
    const file = at('damaged.checkpoint', 'checkpoint.safetensors');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 16;
    writeFileSync(file, bytes);
    const refused = await run(flags('small.json', '--out', 'damaged', '--resume'));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /damaged\.checkpoint.checkpoint\.safetensors .*altered or damaged.*--restart/,
    );
    expect((await run(flags('small.json', '--out', 'damaged', '--restart'))).code).toBe(0);
    expect(weights('damaged').equals(weights('model'))).toBe(true);
  });

  it('a training that diverges in its last step is told so, and saves no model', async () => {
    writeConfig('diverging.json', {
      optimization: { maxLearningRate: 1, divFactor: 1e-16, finalDivFactor: 1e-16 },
    });
    const args = [
      'train',
      '--data',
      'sounds',
      '--machine-type',
      'fan',
      '--batch-size',
      '24',
      '--epochs',
      '1',
    ];
    const { code, stderr } = await run([...args, '--config', 'diverging.json', '--out', 'diverged']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /epoch 1.*(must stay finite|diverged in its last updates).*Lower the learning rate/s,
    );
    expect(stderr).not.toMatch(/embedding must be finite|cannot be fitted/);
    expect(existsSync(at('diverged'))).toBe(false);
  });

  it.each([
    [
      'evaluate --report',
      ['evaluate', '--model', 'model', '--data', 'sounds', '--report', 'small.json/report.html'],
    ],
    [
      'evaluate --report where no files are',
      ['evaluate', '--model', 'model', '--data', 'sounds', '--report', '/proc/a.html'],
    ],
    ['export --out', ['export', '--model', 'model', '--out', 'small.json/model.onnx']],
    ['export --out of a folder', ['export', '--model', 'model', '--overwrite', '--out', 'sounds']],
    ['weights import --out', ['weights', 'import', 'small.json', '--out', 'small.json/a.safetensors']],
    ['train --out', ['train', '--data', 'sounds', '--machine-type', 'fan', '--out', 'small.json/model']],
    [
      'experiment --out',
      ['experiment', 'no-id', '--data', 'sounds', '--out', 'small.json/out', '--seeds', '1'],
    ],
  ])('a place that cannot be written to is found before the work: %s', async (_, args) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/(small\.json|sounds|proc).* must be a place that can be written to/);
    expect(stderr).not.toMatch(/scoring|epoch|ENOTDIR:|EISDIR:/);
    expect(stdout).toBe('');
  });
});
