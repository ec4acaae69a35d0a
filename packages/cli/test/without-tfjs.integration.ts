import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../src/main';
import { runCli } from './support/run-cli';

/** A loader that finds no tfjs, as where it is not installed. */
const HOOK = `export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('@tensorflow/')) return next(specifier, context);
  throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const REGISTER = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(HOOK))});`);

/** A loader that tells each module's address on stderr. */
const LISTING_HOOK = `import { writeSync } from 'node:fs';
export async function load(url, context, next) {
  writeSync(2, 'loads ' + url + '\\n');
  return next(url, context);
}`;
const LIST = asUrl(
  `import { register } from 'node:module'; register(${JSON.stringify(asUrl(LISTING_HOOK))});`,
);

describe('--help', () => {
  /** Packages whose modules take long to load; a help page needs none of them. */
  const HEAVY =
    /@tensorflow|onnxruntime|@bufbuild|nodemailer|bullmq|(packages|@serial-oe)\/(serial-oe\/dist\/index|wasm-kernels|efficientnet-extractor|onnx|training|gmm|detectors|baselines|experiments|monitor|explain|report)\b/;

  it.each([[['--help']], [['score', '--help']], [['train', '--help']]])(
    '%j loads nothing heavy',
    async (args) => {
      const { code, stderr } = await runCli(args, tmpdir(), { env: { NODE_OPTIONS: `--import ${LIST}` } });
      const loaded = stderr.split('\n').flatMap((line) => line.match(/^loads (.*)/)?.[1] ?? []);
      expect(code).toBe(0);
      expect(loaded.filter((url) => /cli\/(dist|src)\//.test(url)).length).toBeGreaterThan(0); // the hook hears
      expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
    },
  );
});

describe('where tfjs is not installed', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-without-tfjs-'));
    mkdirSync(join(folder, 'network'));
    writeFileSync(join(folder, 'network', 'manifest.json'), '{}'); // as far as it is looked at
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]) => runCli(args, folder, { env: { NODE_OPTIONS: `--import ${REGISTER}` } });

  it.each([
    [['--help'], /^serial-oe \d/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['train', '--help'], /^serial-oe train: /],
    [['help', 'experiment'], /^serial-oe experiment: /],
    [['config', '--preset', 'paper'], /frontEnd\.nMels +224/],
  ])('%j answers', async (args, answer) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(answer);
  });

  it('synth writes and data check reads', async () => {
    const few = ['--types', 'fan', '--ids', '1', '--train', '1', '--test', '1', '--seconds', '2', '--quiet'];
    expect(await run('synth', '--out', 'sounds', ...few)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(folder, 'sounds', 'fan')).sort()).toEqual(['test', 'train']);
    const { stdout } = await run('data', 'check', 'sounds', '--quiet');
    expect(stdout).toMatch(/3 clips of .* checked/);
  });

  it.each([
    [['train', '--epochs', 'ten'], /serial-oe train: --data is needed/],
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--preset', 'fast'],
      /--preset must be one of/,
    ],
    [['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--reference', 'x'], /--reference x: /],
    [['score', '--model', 'm', '--threads', '2', 'x'], /--threads goes with --runtime onnx/],
    [['trian'], /unknown command "trian". Did you mean train\?/],
  ])('%j is told what is wrong', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each(COMMANDS.map(({ spec }) => spec.name))('%s --help answers', async (name) => {
    const { code, stdout, stderr } = await run(...name.split(' '), '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^serial-oe ${name}: `));
  });

  it.each([
    [['demo']],
    [['score', '--model', 'network', 'x']],
    [['evaluate', '--model', 'network', '--data', 'sounds']],
    [['inspect', 'network']],
    [['export', '--model', 'network', '--out', 'm.onnx']],
    [['train', '--data', 'sounds', '--machine-type', 'fan', '--out', 'm']],
    [['experiment', 'detectors', '--data', 'sounds', '--out', 'e']],
    [['weights', 'import', 'x', '--out', 'w.safetensors']],
    [['weights', 'inspect', 'x']],
  ])('%j says what to install, in one line', async (args) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^serial-oe [\w ]+: @tensorflow\/tfjs-(core|backend-wasm) must be installed, got none\. Run "npm install @tensorflow\/tfjs-core @tensorflow\/tfjs-backend-wasm" beside @serial-oe\/cli\.$/,
    );
    expect(stderr).not.toMatch(/\n +at /); // no stack
  });

  it.each(['mel-statistics', 'twfr-gmm', 'level'])(
    '%s trains, scores, evaluates and is shown',
    async (name) => {
      const few = [
        '--types',
        'fan',
        '--ids',
        '2',
        '--train',
        '6',
        '--test',
        '2',
        '--seconds',
        '2',
        '--quiet',
      ];
      expect((await run('synth', '--out', `${name}-sounds`, ...few)).code).toBe(0);
      const data = ['--data', `${name}-sounds`];
      const train = ['train', '--system', name, ...data, '--machine-type', 'fan', '--out', name];
      expect(await run(...train)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^fan model saved/),
      });
      const scored = await run('score', '--model', name, '--json', join(`${name}-sounds`, 'fan', 'test'));
      expect(JSON.parse(scored.stdout)).toHaveLength(8);
      const evaluated = await run('evaluate', '--model', name, ...data, '--report', `${name}.html`);
      expect([evaluated.code, evaluated.stdout]).toEqual([0, expect.stringMatching(/mean of the IDs/)]);
      const { code, stdout } = await run('inspect', name);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/crossFit/)]);
    },
  );

  it('a backend of another package is named with its own', async () => {
    const train = ['train', '--data', 'sounds', '--machine-type', 'fan', '--out', 'm'];
    const { code, stderr } = await run(...train, '--backend', 'cpu');
    expect(code).toBe(1);
    expect(stderr).toMatch(/npm install @tensorflow\/tfjs-/);
  });
});
