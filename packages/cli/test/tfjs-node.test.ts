/** @jest-runner jest-runner */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '@serial-oe/cli';
import { BackendError, checkTfjsNodeSupport } from '@serial-oe/runtime';
import { loadTfjsNode } from '@serial-oe/runtime/node';
import { loadSerialOe, trainSerialOe } from '@serial-oe/serial-oe';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { engine, registerBackend, setBackend } from '@tensorflow/tfjs-core';

const TFJS_NODE = '@tensorflow/tfjs-node';
const { SERIAL_OE_TFJS_NODE: originalFolder, TF_CPP_MIN_LOG_LEVEL: originalLevel } = process.env;

let folder: string;

/** A folder with a package tfjs-node of that code; with `addon`, a file x.node that is no library. */
function install(code: string, addon?: string): string {
  const packageFolder = join(folder, 'node_modules', TFJS_NODE);
  mkdirSync(packageFolder, { recursive: true });
  writeFileSync(join(packageFolder, 'package.json'), JSON.stringify({ name: TFJS_NODE, main: 'index.js' }));
  writeFileSync(join(packageFolder, 'index.js'), code);
  if (addon !== undefined) writeFileSync(join(packageFolder, 'x.node'), addon);
  process.env.SERIAL_OE_TFJS_NODE = folder;
  return folder;
}

/** As tfjs-node begins where its install step did not run. */
const WITHOUT_ADDON =
  'throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: x.");';

const versions = Object.getOwnPropertyDescriptor(process, 'versions') as PropertyDescriptor;

function runningOn(nodeVersion: string): void {
  Object.defineProperty(process, 'versions', {
    ...versions,
    value: { ...process.versions, node: nodeVersion },
  });
}

beforeEach(() => {
  runningOn('22.0.0'); // the tests themselves run on any
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-tfjs-node-'));
});

afterEach(() => {
  Object.defineProperty(process, 'versions', versions);
  rmSync(folder, { recursive: true });
  restore('SERIAL_OE_TFJS_NODE', originalFolder);
  restore('TF_CPP_MIN_LOG_LEVEL', originalLevel);
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(BackendError);
  return (error as Error).message;
}

describe('loading tfjs-node', () => {
  it('takes the one in the folder that SERIAL_OE_TFJS_NODE names', async () => {
    install('globalThis.loadedTfjsNode = true;');
    await loadTfjsNode('cli');
    expect((globalThis as { loadedTfjsNode?: boolean }).loadedTfjsNode).toBe(true);
  });

  it('says how to install it', async () => {
    delete process.env.SERIAL_OE_TFJS_NODE;
    jest.doMock(
      TFJS_NODE,
      () => {
        throw Object.assign(new Error(`Cannot find module '${TFJS_NODE}'`), { code: 'MODULE_NOT_FOUND' });
      },
      { virtual: true },
    );
    const message = await messageOf(loadTfjsNode('cli'));
    expect(message).toContain(`Run "npm install ${TFJS_NODE}"`);
    expect(message).toMatch(
      /storage\.googleapis\.com is blocked, run "npx .* serial-oe-build-tfjs-node FOLDER"/,
    );
    expect(message).toContain('set SERIAL_OE_TFJS_NODE=FOLDER');
    jest.dontMock(TFJS_NODE);
  });

  it('does not fall back to another one where SERIAL_OE_TFJS_NODE names a folder without it', async () => {
    process.env.SERIAL_OE_TFJS_NODE = folder;
    const message = await messageOf(loadTfjsNode('cli'));
    expect(message).toContain(`SERIAL_OE_TFJS_NODE must name a folder where ${TFJS_NODE} is installed`);
    expect(message).toContain(`serial-oe-build-tfjs-node ${folder}"`);
  });

  it.each([
    ['native addon', WITHOUT_ADDON, /without its native addon/],
    ['TensorFlow library', 'require("./x.node");', /without the TensorFlow library .*x\.node/],
  ])('says how to mend one without its %s', async (_, code, what) => {
    install(code, 'no ELF file');
    const message = await messageOf(loadTfjsNode('cli'));
    expect(message).toMatch(what);
    expect(message).toContain(`Run "npm rebuild ${TFJS_NODE}" in ${folder}`);
    expect(message).toMatch(/run "npx .* serial-oe-build-tfjs-node FOLDER"/);
  });

  it.each([
    ['throw new Error("out of order");', /cannot be loaded: out of order/],
    ['require("no-such-dependency");', /cannot be loaded: Cannot find module 'no-such-dependency'/],
  ])('passes on what else went wrong: %s', async (code, what) => {
    install(code);
    expect(await messageOf(loadTfjsNode('cli'))).toMatch(what);
  });

  it('is refused on Node 23 and later, before it is loaded', async () => {
    install('throw new Error("loaded");');
    runningOn('23.0.0');
    expect(await messageOf(loadTfjsNode('cli'))).toMatch(
      /serial-oe\.cli: .* Node 22 or earlier, got Node 23\.0\.0\. Switch by "nvm install 22", or use the backend wasm/,
    );
  });

  it.each(['18.20.0', '20.20.2', '22.1.0'])('is allowed on Node %s', (version) => {
    expect(() => checkTfjsNodeSupport('cli', version)).not.toThrow();
  });
});

describe('before any data is read', () => {
  const clip = { machineId: '00', label: 'normal', split: 'train' } as const;
  const dataset = {
    clips: [
      { ...clip, path: 'nowhere-a.wav', machineType: 'fan' },
      { ...clip, path: 'nowhere-b.wav', machineType: 'pump' },
    ],
  };

  it.each([
    ['train', ['--data', 'nowhere', '--machine-type', 'fan', '--out', 'x']],
    ['score', ['--model', 'nowhere', 'nowhere.wav']],
    ['evaluate', ['--model', 'nowhere', '--data', 'nowhere']],
  ])('%s --backend node says what is wrong with tfjs-node', async (command, flags) => {
    install(WITHOUT_ADDON);
    let stderr = '';
    const err = (text: string) => {
      stderr += text;
    };
    const terminal = { isInteractive: false, out: jest.fn(), err };
    expect(await main([command, ...flags, '--backend', 'node'], terminal)).toBe(1);
    expect(stderr).toMatch(/without its native addon/);
    expect(stderr).not.toMatch(/nowhere/);
    expect(terminal.out).not.toHaveBeenCalled();
  });

  describe('with the backend tensorflow active', () => {
    beforeAll(async () => {
      registerBackend('tensorflow', () => new MathBackendCPU());
      await setBackend('tensorflow');
    });
    afterAll(() => engine().removeBackend('tensorflow'));

    it.each(['tensorflow', undefined])(
      'trainSerialOe and loadSerialOe refuse Node 24 (backend: %s)',
      async (backend) => {
        runningOn('24.1.0');
        const onProgress = jest.fn();
        const training = trainSerialOe({ dataset, machineType: 'fan', backend, onProgress });
        expect(await messageOf(training)).toMatch(/trainSerialOe: .* got Node 24\.1\.0/);
        expect(onProgress).not.toHaveBeenCalled();
        expect(await messageOf(loadSerialOe('nowhere'))).toMatch(/loadSerialOe: .* got Node 24\.1\.0/);
      },
    );

    it('trainSerialOe refuses several threads', async () => {
      const onProgress = jest.fn();
      const training = trainSerialOe({ dataset, machineType: 'fan', workers: 2, onProgress });
      expect(await messageOf(training)).toMatch(
        /workers above 1 must run on the backend wasm or cpu, got tensorflow/,
      );
      expect(onProgress).not.toHaveBeenCalled();
    });
  });
});
