// `npm run new-package` in a copy of the repository that has no package yet.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './repository';

const TIMEOUT_MS = 120_000;
const COPIED = ['LICENSE', 'biome.json', 'package.json', '.changeset/config.json', 'tools'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'serial-oe-new-package-'));
  for (const path of COPIED) {
    const filter = (source: string) => !/[\\/](?:node_modules|__pycache__|\.venv)$/.test(source);
    cpSync(join(ROOT, path), join(root, path), { recursive: true, filter });
  }
  mkdirSync(join(root, 'packages'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function node(args: string[], cwd = root) {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: { ...process.env, SERIAL_OE_TESTS: 'unit' },
  });
  return { status, output: `${stdout}${stderr}` };
}
const newPackage = (...args: string[]) => node([join(root, 'tools', 'new-package.mjs'), ...args]);
const tool = (path: string) => join(root, 'node_modules', path);
const jest = (config: string, ...args: string[]) => node([tool('jest/bin/jest.js'), '-c', config, ...args]);

it('makes a package of the right shape, which builds and whose tests pass', () => {
  expect(newPackage('alarm-sinks')).toMatchObject({ status: 0, output: expect.stringContaining('FLOORS') });

  const lint = ['check', '--vcs-enabled=false', 'packages', 'tools/install-smoke'];
  expect(node([tool('@biomejs/biome/bin/biome'), ...lint])).toMatchObject({ status: 0 });

  const shape = jest('tools/jest.config.cjs', 'package-shape');
  expect(shape.output).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
  expect(shape.output).toContain('packages/alarm-sinks');
  const tests = jest('packages/alarm-sinks/jest.config.cjs');
  expect(tests.output).toMatch(/^Tests: +2 passed, 2 total$/m);

  const folder = join(root, 'packages', 'alarm-sinks');
  expect(node([tool('typescript/bin/tsc'), '--noEmit'], folder)).toEqual({ status: 0, output: '' });
  expect(node([tool('tsup/dist/cli-default.js')], folder)).toMatchObject({ status: 0 });
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(
    ['index.cjs', 'index.cjs.map', 'index.d.cts', 'index.d.ts', 'index.js', 'index.js.map'].sort(),
  );
}, 300_000);

it.each([
  [[], /NAME must be given, got none/],
  [['Alarm_Sinks'], /NAME must be kebab-case, got "Alarm_Sinks"/],
  [['../alarms'], /NAME must be kebab-case/],
  [['tooling'], /NAME must be a new one, got "tooling"/],
  [['gmm'], /NAME must be a new one, got "gmm": tools\/install-smoke\/gmm\.ts exists/],
  [['one', 'two'], /takes one name, got one two/],
])('refuses %p and makes nothing', (args, message) => {
  expect(newPackage(...args)).toMatchObject({ status: 2, output: expect.stringMatching(message) });
  expect(readdirSync(join(root, 'packages'))).toEqual([]);
});

it('leaves no half of a package behind when it fails', () => {
  rmSync(join(root, 'tools', 'install-smoke'), { recursive: true });
  expect(newPackage('alarm-sinks')).toMatchObject({ status: 1, output: expect.stringContaining('ENOENT') });
  expect(readdirSync(join(root, 'packages'))).toEqual([]);
  expect(readdirSync(root).filter((name) => name.startsWith('.new-package'))).toEqual([]);
});
