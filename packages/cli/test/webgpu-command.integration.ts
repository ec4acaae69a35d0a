import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeWav } from '@serial-oe/audio-features/node';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { TINY_CONFIG, tinyDataset } from '../../serial-oe/test/support/tiny-dataset';

const CLI = join(__dirname, '..', 'dist', 'cli.js');
const folder = mkdtempSync(join(tmpdir(), 'serial-oe-webgpu-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface RunOptions {
  node?: string[];
  env?: Record<string, string>;
}

function run(args: string[], { node = [], env = {} }: RunOptions = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, CLI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

/** Node's arguments that make a package look as if it were not installed. */
function without(name: string): string[] {
  const hook = `export async function resolve(specifier, context, next) {
    if (specifier !== ${JSON.stringify(name)}) return next(specifier, context);
    throw Object.assign(new Error("Cannot find package '${name}'"), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(hook))});`;
  return ['--import', asUrl(register)];
}

/** The model is not there either: what the backend lacks is told before anything is read. */
const SCORE = ['score', '--model', 'no-model', '--backend', 'webgpu', 'no-clip.wav'];

describe('--backend webgpu where something is missing', () => {
  it.each(['webgpu', '@tensorflow/tfjs-backend-webgpu'])('says how to install %s', (name) => {
    const { status, stdout, stderr } = run(SCORE, { node: without(name) });
    // Without a device, that is told first for the package that comes second.
    expect(stderr).toMatch(
      isThere || name === 'webgpu' ? new RegExp(`Run "npm install ${name}"`) : /needs a GPU/,
    );
    expect(stderr).not.toContain('no-model');
    expect(status).toBe(1);
    expect(stdout).toBe('');
  });

  (process.platform === 'linux' ? it : it.skip)('says what to install where there is no device', () => {
    const { status, stderr } = run(SCORE, {
      env: { VK_DRIVER_FILES: '/nothing', VK_ICD_FILENAMES: '/nothing' },
    });
    expect(stderr).toMatch(/needs a GPU with a driver .* got none/);
    expect(stderr).toContain('apt-get install mesa-vulkan-drivers');
    expect(stderr).toContain('export VK_DRIVER_FILES=/usr/share/vulkan/icd.d/lvp_icd');
    expect(stderr).not.toContain('no-model');
    expect(status).toBe(1);
  });
});

/** The backend starts, so that the model is what is missing. */
const isThere = run(SCORE).stderr.includes('no-model');
if (!isThere) process.stderr.write(`SKIPPED training on WebGPU in Node: ${run(SCORE).stderr}\n`);

(isThere ? describe : describe.skip)('--backend webgpu', () => {
  it('trains a model that scores alike on webgpu and on wasm', async () => {
    for (const { path, waveform, sampleRate } of tinyDataset({ nTrain: 4, nTest: 1 }).clips) {
      const file = join(folder, 'data', path);
      mkdirSync(dirname(file), { recursive: true });
      await writeWav(file, { sampleRate: sampleRate!, channels: [waveform!] });
    }
    writeFileSync(join(folder, 'tiny.json'), JSON.stringify(TINY_CONFIG));
    const train = ['train', '--system', 'serial-oe', '--data', 'data', '--machine-type', 'fan'];
    const flags = ['--out', 'model', '--epochs', '1', '--config', 'tiny.json', '--backend', 'webgpu'];
    const trained = run([...train, ...flags, '--json']);
    // Where there is no desktop, libwayland, which drivers of Vulkan bring in, says so in these words.
    const said = trained.stderr.replaceAll(/^error: XDG_RUNTIME_DIR is invalid or not set.*\n/gm, '');
    expect(said).not.toMatch(/error/i);
    expect(trained.status).toBe(0);
    expect(JSON.parse(trained.stdout).provenance).toMatchObject({ backend: 'webgpu', operations: 'tfjs' });

    const scores = ['webgpu', 'wasm'].map((backend) => {
      const clips = join('data', 'fan', 'test');
      const { status, stdout } = run(['score', '--model', 'model', '--backend', backend, '--json', clips]);
      expect(status).toBe(0);
      return JSON.parse(stdout).map(({ anomalyScore }: { anomalyScore: number }) => anomalyScore) as number[];
    }) as [number[], number[]];
    expect(scores[0]).toHaveLength(4);
    expectAllClose(scores[0], scores[1], { rtol: 1e-4, atol: 0 });
  });
});
