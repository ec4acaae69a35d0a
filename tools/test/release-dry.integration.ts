// `npm run release:dry` for two of its projects, with what is built. CI runs it whole in a job of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, workspaces } from './repository';

const TIMEOUT_MS = 600_000;

function releaseDry(...args: string[]) {
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsx, join(ROOT, 'tools/release-dry.mjs'), ...args],
    {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    },
  );
  return { status, stdout, stderr };
}

/** What versioning changes in the working tree. */
function versioned(): string[] {
  const manifests = workspaces('packages').flatMap(({ folder, path, manifest }) => {
    const changes = existsSync(join(path, 'CHANGELOG.md')) ? ' CHANGELOG.md' : '';
    return `${folder} ${manifest.version}${changes}`;
  });
  return [...manifests, ...readdirSync(join(ROOT, '.changeset')).sort()];
}

it(
  'versions, packs, publishes to a registry of its own, and what is installed from there runs as ESM and as CommonJS',
  () => {
    const before = versioned();
    const { status, stdout, stderr } = releaseDry('--no-build', '--no-check', '--only', 'esm,cjs');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const name of ['version', 'pack', 'publish', 'esm', 'cjs'])
      expect(stdout).toMatch(new RegExp(`^${name} +passed`, 'm'));
    expect(versioned()).toEqual(before); // it was a copy that was versioned
  },
  TIMEOUT_MS,
);

it('names the projects there are where it is asked for another', () => {
  expect(releaseDry('--only', 'esm,vita')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/--only must name some of esm, .*webpack.*, got vita\./),
  });
});
