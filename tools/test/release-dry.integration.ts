// `npm run release:dry` for two of its projects, with what is built. CI runs it whole in a job of its own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './repository';

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

it(
  'versions, packs, publishes to a registry of its own, and what is installed from there runs as ESM and as CommonJS',
  () => {
    const before = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' }).stdout;
    const { status, stdout, stderr } = releaseDry('--no-build', '--no-check', '--only', 'esm,cjs');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const name of ['version', 'pack', 'publish', 'esm', 'cjs'])
      expect(stdout).toMatch(new RegExp(`^${name} +passed`, 'm'));
    expect(spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' }).stdout).toBe(before);
  },
  TIMEOUT_MS,
);

it('names the projects there are where it is asked for another', () => {
  expect(releaseDry('--only', 'esm,vita')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/--only must name some of esm, .*webpack.*, got vita\./),
  });
});
