// `npm run pack:all`, and the line it ends with in an empty folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, workspaces } from './repository';

const TIMEOUT_MS = 300_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-pack-all-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], options: { cwd: string; shell?: boolean }) {
  const { stdout, stderr, status } = spawnSync(command, args, {
    ...options,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    // Third-party packages from npm's cache where it has them; an update of npm itself is no warning of ours.
    env: { ...process.env, npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' },
  });
  return { status, stdout, stderr };
}

it(
  'packs every package, and the line that it prints installs the command into an empty app',
  () => {
    const tarballs = join(folder, "the app's tarballs"); // a name that a shell must not take apart
    mkdirSync(tarballs);
    writeFileSync(join(tarballs, 'serial-oe-gmm-0.0.0-old.tgz'), 'an older version');
    writeFileSync(join(tarballs, 'other.tgz'), 'not ours');
    const packed = run(
      process.execPath,
      [join(ROOT, 'tools/pack-all.mjs'), '--no-build', '--out', tarballs],
      { cwd: ROOT },
    );
    expect(packed).toMatchObject({ status: 0, stderr: '' });
    const expected = workspaces('packages').map(
      ({ folder, manifest }) => `serial-oe-${folder}-${manifest.version}.tgz`,
    );
    expect(readdirSync(tarballs).sort()).toEqual(['other.tgz', ...expected].sort());

    const line = packed.stdout.trimEnd().split('\n').at(-1)!;
    expect(line).toMatch(/^npm install /);
    const app = join(folder, 'app');
    mkdirSync(app);
    const installed = run(line, [], { cwd: app, shell: true });
    expect(installed).toMatchObject({ status: 0, stderr: '' }); // no warning

    const lock = JSON.parse(readFileSync(join(app, 'package-lock.json'), 'utf8'));
    const ours = Object.entries<{ resolved?: string }>(lock.packages).filter(([path]) =>
      path.startsWith('node_modules/@serial-oe/'),
    );
    expect(ours.length).toBe(expected.length);
    for (const [, { resolved }] of ours) expect(resolved).toMatch(/^file:/); // a registry might hold others of that name

    const help = run('npx --no -- serial-oe --help', [], { cwd: app, shell: true });
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('serial-oe train') });
  },
  TIMEOUT_MS,
);
