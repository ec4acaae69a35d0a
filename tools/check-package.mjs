// Packs the package in the current folder and checks the tarball: publint --strict, and that its types resolve
// the same way from ESM and CommonJS (are-the-types-wrong). The licence must be in it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'serial-oe-pack-'));
try {
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    stdio: 'pipe',
  });
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
  const packed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split(/\r?\n/);
  for (const file of ['package/LICENSE', 'package/README.md']) {
    if (!packed.includes(file))
      throw new Error(`The tarball must hold ${file.slice('package/'.length)}, got none.`);
  }
  const run = (command, args) =>
    execFileSync('npx', ['--no-install', command, ...args], { stdio: 'inherit' });
  run('publint', ['run', tarball, '--strict']);
  // node10 cannot read "exports" at all; every supported Node and bundler can.
  run('attw', [tarball, '--profile', 'node16']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
