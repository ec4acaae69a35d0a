// The runner of all tests in this repository must let them fail, and say where.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './repository';

/** In two parts, because this very file is compiled by what it tests. */
const OWN_URL = ['import.meta', 'url'].join('.');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'serial-oe-runner-'));
  mkdirSync(join(root, 'test'));
  mkdirSync(join(root, 'src'));
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name === '.cache') continue; // tests are compiled there
    symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name), 'junction');
  }
  const config =
    "module.exports = { ...require('@serial-oe/tooling/jest.config.base.cjs'), rootDir: __dirname };\n";
  writeFileSync(join(root, 'jest.config.cjs'), config);
  writeFileSync(join(root, 'package.json'), '{ "name": "fixture", "type": "module" }\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  brokenFiles: number;
  text: string;
}

/** Runs jest on files by name -> source. */
function run(files: Record<string, string>, ...args: string[]): Outcome {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(root, name), source);
  const output = join(root, 'results.json');
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const { stderr } = spawnSync(
    process.execPath,
    [jest, '--json', `--outputFile=${output}`, '--ci=false', ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, SERIAL_OE_TESTS: 'unit' },
    },
  );
  const results = JSON.parse(readFileSync(output, 'utf8'));
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests,
    skipped: results.numPendingTests,
    brokenFiles: results.numRuntimeErrorTestSuites,
    text: stderr,
  };
}

it('counts what passes, fails and is skipped, and names the line of the source that failed', () => {
  const { text, ...counts } = run({
    'src/half.ts':
      'export type Half = number;\n\nexport function half(x: number): Half {\n  if (x < 0) throw new RangeError("negative");\n  return x / 2;\n}\n',
    'test/half.test.ts': `import { half } from '../src/half';
it.each([[2, 1], [4, 2]])('half of %i is %i', (x, expected) => expect(half(x)).toBe(expected));
it('is wrong', () => {
  expect(half(4)).toBe(3);
});
it('throws', () => { half(-1); });
it.skip('is skipped', () => {});
describe.skip('both', () => {
  beforeAll(() => { throw new Error('runs nevertheless'); });
  it('one', () => { throw new Error('runs nevertheless'); });
  describe('inner', () => it('other', () => {}));
});
describe('with a broken hook', () => {
  beforeAll(() => { throw new Error('broken hook'); });
  it('runs', () => {});
});
`,
  });
  expect(counts).toEqual({ passed: 3, failed: 3, skipped: 3, brokenFiles: 0 });
  expect(text).toContain('half.test.ts:4:19');
  expect(text).toContain('half.ts:4:20');
  expect(text).toMatch(/Expected: 3\s+Received: 2/);
  expect(text).toContain('broken hook');
  expect(text).not.toContain('runs nevertheless');
});

it('gives each file a thread of its own, so that none sees what another did', () => {
  const source = (other: string) =>
    `it('is alone', () => { expect(globalThis).not.toHaveProperty('${other}'); Object.assign(globalThis, { a: 1, b: 1 }); });`;
  const { passed } = run({ 'test/a.test.ts': source('b'), 'test/b.test.ts': source('a') }, '--maxWorkers=1');
  expect(passed).toBe(2);
});

it('fails a file that does not compile, imports what is missing, or ends its thread', () => {
  expect(run({ 'test/syntax.test.ts': 'it(' })).toMatchObject({ brokenFiles: 1, passed: 0 });
  rmSync(join(root, 'test/syntax.test.ts'));
  const files = {
    'test/missing.test.ts': "import 'no-such-package';\nit('never', () => {});",
    'test/ends.test.ts': "it('ends', () => process.exit(0));",
    'test/fine.test.ts': "it('passes', () => {});",
  };
  const { text, ...counts } = run(files);
  expect(counts).toEqual({ passed: 1, failed: 0, skipped: 0, brokenFiles: 2 });
  expect(text).toContain('no-such-package');
  expect(text).toContain('ended its thread before its tests had ended');
});

it('shows what a file printed where it failed, keeps snapshots beside it, and starts programs from source', () => {
  const { text, ...counts } = run({
    'src/program.ts':
      "import { parentPort } from 'node:worker_threads';\nconst answer: number = 42;\nparentPort!.postMessage(answer);\n",
    'src/start.ts': `import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
export const start = async () => (await once(new Worker(new URL('./program.js', ${OWN_URL})), 'message'))[0];
`,
    'test/start.test.ts': `import { start } from '../src/start';
it('answers', async () => expect(await start()).toBe(42));
it('is as before', () => expect({ a: [1, 2] }).toMatchSnapshot());
it('knows where it lies', () => expect(__dirname.endsWith('test')).toBe(true));
it('fails', () => { console.log('a word before'); expect(1).toBe(2); });
`,
  });
  expect(counts).toEqual({ passed: 3, failed: 1, skipped: 0, brokenFiles: 0 });
  expect(text).toContain('a word before');
  expect(existsSync(join(root, 'test/__snapshots__/start.test.ts.snap'))).toBe(true);
  const again = run({
    'test/start.test.ts': "it('is as before', () => expect({ a: [1, 3] }).toMatchSnapshot());",
  });
  expect(again).toMatchObject({ passed: 0, failed: 1 });
});

it("gives a file that asks for it jest's own runner", () => {
  const mocked = `/** @jest-runner jest-runner */
import { readFileSync } from 'node:fs';
jest.mock('node:fs', () => ({ readFileSync: () => 'mocked' }));
it('is mocked', () => expect(readFileSync('none')).toBe('mocked'));
`;
  const { passed, failed } = run({
    'test/mocked.test.ts': mocked,
    'test/light.test.ts': "it('passes', () => {});",
  });
  expect({ passed, failed }).toEqual({ passed: 2, failed: 0 });
});
