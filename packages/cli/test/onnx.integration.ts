import '@tensorflow/tfjs-backend-wasm';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeWav } from '@serial-oe/audio-features/node';
import { trainSerialOe } from '@serial-oe/serial-oe';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { TINY_CONFIG, tinyDataset } from '../../serial-oe/test/support/tiny-dataset';

const CLI = join(__dirname, '..', 'dist', 'cli.js');
/** The names of --runtime whose package is installed; onnxruntime-web always is. */
const RUNTIMES = Object.entries({ onnx: 'onnxruntime-node', 'onnx-web': 'onnxruntime-web' }).filter(
  ([, name]) => {
    try {
      createRequire(__filename).resolve(name);
      return true;
    } catch (error) {
      if (name === 'onnxruntime-web') throw error;
      process.stderr.write(`SKIPPED: ${name} is not installed\n`);
      return false;
    }
  },
);
/** Of an anomaly score, in nats, on another runtime; a log-likelihood may come near zero, where only an absolute difference says much. */
const CLOSE = { rtol: 1e-4, atol: 1e-3 };

/** Makes Node find no package of that name, as where it is not installed. */
const withoutPackage = (name: string) => {
  const hook = `export function resolve(specifier, context, next) {
    if (specifier !== '${name}') return next(specifier, context);
    throw Object.assign(new Error("Cannot find package '${name}'"), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  return `--import=${url(`import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`)}`;
};

interface Row {
  path: string;
  anomalyScore: number;
  isAnomaly: boolean;
}

describe('a model on an ONNX runtime', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const node = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const score = (...flags: string[]): Row[] => {
    const { status, stdout, stderr } = node(CLI, 'score', '--model', 'model', '--json', ...flags, 'clips');
    if (status !== 0) throw new Error(`exit code ${status}: ${stderr}`);
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-onnx-'));
    const dataset = tinyDataset();
    const model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config: TINY_CONFIG });
    await model.save(at('model'));
    model.dispose();
    for (const { path, waveform, sampleRate, split, machineType } of dataset.clips) {
      if (split !== 'test' || machineType !== 'fan' || waveform === undefined) continue;
      mkdirSync(dirname(at('clips', path)), { recursive: true });
      await writeWav(at('clips', path), { sampleRate: sampleRate as number, channels: [waveform] });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(RUNTIMES)('gives the scores of tfjs with --runtime %s', (runtime) => {
    const expected = score();
    expect(expected).toHaveLength(12);
    for (const flags of [[], ['--threads', '2']]) {
      const rows = score('--runtime', runtime, ...flags);
      expect(rows.map(({ path, isAnomaly }) => [path, isAnomaly])).toEqual(
        expected.map(({ path, isAnomaly }) => [path, isAnomaly]),
      );
      const scores = (some: Row[]) => some.map(({ anomalyScore }) => anomalyScore);
      expectAllClose(scores(rows), scores(expected), CLOSE);
    }
  });

  it('evaluates there too, and shows what float16 weights do to the scores', () => {
    const runtime = RUNTIMES[0]?.[0] as string;
    const exact = score('--runtime', runtime).map(({ anomalyScore }) => anomalyScore);
    const rounded = score('--runtime', runtime, '--weights', 'float16').map(
      ({ anomalyScore }) => anomalyScore,
    );
    const flags = ['--model', 'model', '--data', 'clips', '--json', '--runtime', runtime];
    const { results } = JSON.parse(node(CLI, 'evaluate', ...flags).stdout);
    expect(results.map(({ anomalyScore }: Row) => anomalyScore).sort()).toEqual([...exact].sort());
    expect(rounded).not.toEqual(exact);
    expect(rounded.every((value, i) => Math.abs(value - exact[i]!) < 0.1 * Math.abs(exact[i]!))).toBe(true);
  });

  it.each(RUNTIMES)(
    'says which command installs a missing runtime before it reads anything, --runtime %s',
    (runtime, name) => {
      const flags = ['score', '--model', 'no-such-model', '--runtime', runtime, 'no-such-folder'];
      const { status, stdout, stderr } = node(withoutPackage(name), CLI, ...flags);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toBe(
        `onnx.loadOnnxRuntime: ${name} must be installed, got none. Run "npm install ${name}".\n`,
      );
    },
  );

  it('is asked asynchronously, and has threads of its own', () => {
    const code = `
      import { loadSerialOe, scoreClips } from ${JSON.stringify(pathToFileURL(join(__dirname, '..', '..', 'serial-oe', 'dist', 'index.js')).href)};
      const model = await loadSerialOe('model', { runtime: 'onnxruntime-web' });
      const waveform = new Float32Array(32000).map((_, i) => Math.sin(i));
      const options = { machineId: '00', sampleRate: 16000 };
      const errors = [];
      const attempts = [
        () => model.score(waveform, options),
        () => scoreClips(model, [], { workers: 2 }),
        () => loadSerialOe('model', { threads: 2 }),
        () => loadSerialOe('model', { runtime: 'onnxruntime-web', threads: 0 }),
        () => loadSerialOe('model', { runtime: 'onnxruntime' }),
      ];
      for (const attempt of attempts) {
        try { await attempt(); errors.push('none'); } catch ({ name, message }) { errors.push(name + ': ' + message); }
      }
      const { anomalyScore } = await model.scoreAsync(waveform, options);
      model.dispose();
      console.log(JSON.stringify({ errors, anomalyScore }));`;
    const { stdout, stderr } = node('--input-type=module', '--eval', code);
    expect(stderr).toBe('');
    const { errors, anomalyScore } = JSON.parse(stdout);
    expect(Number.isFinite(anomalyScore)).toBe(true);
    expect(errors).toEqual([
      expect.stringMatching(
        /^BackendError: .*must be asked asynchronously\. Call scoreAsync or embedAsync\.$/,
      ),
      expect.stringMatching(/^RangeError: .*workers must be 1 .* got 2\. .*\{ threads: 2 \}\.$/),
      expect.stringMatching(/^RangeError: .*must go with an ONNX runtime, got 2/),
      expect.stringMatching(/^RangeError: .*threads must be a whole number of at least 1, got 0/),
      expect.stringMatching(
        /^RangeError: .*must be one of 'onnxruntime-node', 'onnxruntime-web', got 'onnxruntime'/,
      ),
    ]);
  });

  it('is exported, in half the size with float16, and not over another file', () => {
    const write = (...flags: string[]) => node(CLI, 'export', '--model', 'model', ...flags, '--json');
    const whole = JSON.parse(write('--out', 'fan.onnx').stdout);
    const half = JSON.parse(write('--out', 'half.onnx', '--weights', 'float16').stdout);
    expect(readFileSync(at('fan.onnx'))).toHaveLength(whole.nBytes);
    expect(half.nBytes / whole.nBytes).toBeLessThan(0.52);
    expect(readFileSync(at('fan.onnx')).includes('"hopLength":1000')).toBe(true);
    const again = write('--out', 'fan.onnx');
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/fan\.onnx must not exist yet\. Choose another --out, or pass --overwrite/);
    expect(write('--out', 'fan.onnx', '--overwrite').status).toBe(0);
  });
});
