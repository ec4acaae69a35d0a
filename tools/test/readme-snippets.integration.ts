// The first ```js or ```ts block of each package's README, run as a reader would run it: in an empty folder where the packages are
// installed and where clip.wav is a recording (10 s, 16 kHz, mono).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { ROOT, workspaces } from './repository';
import { wavOfHum } from './wav-of-hum';

const TIMEOUT_MS = 120_000;
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

const packages = workspaces('packages');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-readme-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first block in JavaScript or TypeScript: its language and its text. */
function firstSnippet(path: string): { language: 'js' | 'ts'; code: string } {
  const readme = readFileSync(join(path, 'README.md'), 'utf8');
  const block = /^```(js|ts)\n([\s\S]*?)^```$/m.exec(readme);
  if (!block) throw new Error('The README has no ```js or ```ts block.');
  return { language: block[1] as 'js' | 'ts', code: block[2]! };
}

function node(args: string[], cwd: string): { output: string; status: number | null } {
  const { stdout, stderr, status, error } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  return { output: `${stdout}${stderr}${error ?? ''}`, status };
}

it.each(packages)(
  'the example in the README of packages/$folder runs',
  ({ folder: name, path }) => {
    const { language, code } = firstSnippet(path);
    const cwd = join(folder, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'clip.wav'), wavOfHum());
    const { code: javascript } = transformSync(code, { loader: language, format: 'esm', target: 'node20' });
    writeFileSync(join(cwd, 'example.mjs'), javascript);
    const { output, status } = node(['example.mjs'], cwd);
    if (status !== 0) throw new Error(`Exit code ${status}\n${output}`);
  },
  TIMEOUT_MS,
);

it(
  'the examples in TypeScript have no type errors',
  () => {
    const snippets = packages.map(({ folder: name, path }) => ({ name, ...firstSnippet(path) }));
    const files = snippets
      .filter(({ language }) => language === 'ts')
      .map(({ name, code }) => {
        writeFileSync(join(folder, `${name}.mts`), code);
        return `${name}.mts`;
      });
    expect(files).not.toEqual([]);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext'];
    expect(node([TSC, ...options, '--types', 'node', ...files], folder)).toEqual({ output: '', status: 0 });
  },
  TIMEOUT_MS,
);
