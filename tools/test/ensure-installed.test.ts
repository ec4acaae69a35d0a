import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './repository';

const MODULE = pathToFileURL(join(ROOT, 'tools/workspace/ensure-installed.mjs')).href;
const PACKAGE = { version: '1.0.0', integrity: 'sha512-a' };
const LINK = { resolved: 'packages/b', link: true };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'serial-oe-installed-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The module under test is an ES module, which jest's CommonJS cannot load: ask it in a process of its own. */
function reasonToInstall(): string {
  const code = `import { reasonToInstall } from '${MODULE}'; console.log(reasonToInstall(process.argv[1]) ?? '');`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code, root], {
    encoding: 'utf8',
  }).trim();
}

function writeLock(path: string, packages: Record<string, object>): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify({ packages }));
}

const locked = {
  '': { name: 'root' },
  'packages/b': { name: 'b' },
  'node_modules/a': PACKAGE,
  'node_modules/b': LINK,
  'node_modules/other-platform': { ...PACKAGE, optional: true },
};

it('asks for an installation in a fresh clone', () => {
  expect(reasonToInstall()).toBe('nothing is installed yet');
});

it('is content with what the lockfile asks for, without the binaries of other platforms', () => {
  writeLock('package-lock.json', locked);
  writeLock('node_modules/.package-lock.json', { 'node_modules/a': PACKAGE, 'node_modules/b': LINK });
  mkdirSync(join(root, 'node_modules/a'));
  mkdirSync(join(root, 'node_modules/b'));
  expect(reasonToInstall()).toBe('');
});

it('names a new package, a missing link to a workspace and another version', () => {
  writeLock('package-lock.json', locked);
  writeLock('node_modules/.package-lock.json', { 'node_modules/b': LINK });
  mkdirSync(join(root, 'node_modules/b'));
  expect(reasonToInstall()).toBe('node_modules/a is missing');

  writeLock('node_modules/.package-lock.json', { 'node_modules/a': PACKAGE, 'node_modules/b': LINK });
  rmSync(join(root, 'node_modules/b'), { recursive: true });
  expect(reasonToInstall()).toBe('node_modules/b is missing');

  writeLock('node_modules/.package-lock.json', { 'node_modules/a': { ...PACKAGE, version: '0.9.0' } });
  expect(reasonToInstall()).toBe('node_modules/a has another version');
});
