// A copy of the repository that may be versioned and built without a trace in the working tree.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../workspace/run-command.mjs';

const IDENTITY = ['-c', 'user.name=release dry run', '-c', 'user.email=release@localhost'];

/** Copies what git does not ignore, and with `withBuilds` what was built, into a git repository of its own. */
export function copyRepository(folder, { withBuilds }) {
  const listed = git(ROOT, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).split('\0');
  for (const path of new Set(listed)) {
    if (path && existsSync(join(ROOT, path))) copy(path, folder);
  }
  if (withBuilds) {
    for (const name of readdirSync(join(ROOT, 'packages'))) {
      for (const built of ['dist', 'src/generated']) copy(join('packages', name, built), folder);
    }
  }
  linkInstalled(folder);
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  git(folder, ['add', '--all']); // changesets asks git which commits brought them
  git(folder, [...IDENTITY, 'commit', '--quiet', '--no-verify', '--message', 'Before the release']);
}

function copy(path, folder) {
  const source = join(ROOT, path);
  if (!existsSync(source)) return;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  cpSync(source, join(folder, path), { recursive: true });
}

/** Third-party packages are those of the working tree; the workspaces' own names lead to the copy. */
function linkInstalled(folder) {
  for (const place of ['.', ...workspaceFolders()]) {
    const installed = join(ROOT, place, 'node_modules');
    if (!existsSync(installed)) continue;
    mkdirSync(join(folder, place, 'node_modules'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name === '.cache' || (place === '.' && name === '@serial-oe')) continue;
      const target = join(folder, place, 'node_modules', name);
      // Links of .bin lead to what is beside them; the list of what is installed is a file.
      if (name.startsWith('.'))
        cpSync(join(installed, name), target, { recursive: true, verbatimSymlinks: true });
      else symlinkSync(join(installed, name), target, 'junction');
    }
  }
  const scope = join('node_modules', '@serial-oe');
  mkdirSync(join(folder, scope));
  for (const name of readdirSync(join(ROOT, scope))) {
    const place = workspaceFolders().find((path) => nameOf(path) === `@serial-oe/${name}`);
    if (place) symlinkSync(join(folder, place), join(folder, scope, name), 'junction');
  }
}

/** The folders that "workspaces" of package.json names, by name or by `FOLDER/*`. */
function workspaceFolders() {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const folders = workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(ROOT, parent)).map((name) => join(parent, name));
  });
  return folders.filter((path) => existsSync(join(ROOT, path, 'package.json')));
}

function nameOf(path) {
  return JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')).name;
}

function git(cwd, args) {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 });
}
