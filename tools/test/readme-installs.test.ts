// What the first example of a package's README imports is what its install line installs, or what that brings along.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, workspaces } from './repository';

interface Manifest {
  dependencies?: Record<string, string>;
}

const packages = workspaces('packages').map(({ folder }) => folder);

function dependenciesOf(name: string): string[] {
  const folder = /^@serial-oe\/(.+)$/.exec(name)?.[1];
  if (folder === undefined) return [];
  const path = join(ROOT, 'packages', folder, 'package.json');
  return Object.keys((JSON.parse(readFileSync(path, 'utf8')) as Manifest).dependencies ?? {});
}

it.each(packages)('the README of %s installs what its example imports', (folder) => {
  const text = readFileSync(join(ROOT, 'packages', folder, 'README.md'), 'utf8');
  const [, install = ''] = /```bash\n([\s\S]*?)```/.exec(text) ?? [];
  const named = [...install.matchAll(/^npm install ([^#\n]+)/gm)].flatMap(([, names]) =>
    names!.trim().split(/\s+/),
  );
  expect(named).toContain(`@serial-oe/${folder}`);
  const [, code = ''] = /```(?:js|ts)\b[^\n]*\n([\s\S]*?)```/.exec(text) ?? [];
  const imported = [...code.matchAll(/^import [^']*'((?:@[^/']+\/)?[^/']+)[^']*';/gm)].map(
    ([, name]) => name!,
  );
  const isThere = (name: string) =>
    /^node:/.test(name) || named.includes(name) || named.some((each) => dependenciesOf(each).includes(name));
  expect(imported.filter((name) => !isThere(name))).toEqual([]);
  expect(imported).not.toEqual([]);
});
