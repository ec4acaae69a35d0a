import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExperimentResults } from '@serial-oe/experiments';
import { runCli } from './support/run-cli';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) {
  process.stderr.write('SKIPPED: no redis-server on this machine: experiment --queue is not tested\n');
}
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe('serial-oe experiment on several machines', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = (...args: string[]) => runCli(args, folder);
  /** Systems that train in a moment. */
  const flags = ['--data', 'sounds', '--systems', 'mel-statistics,level', '--seeds', '1'];
  const compare = (out: string, ...more: string[]) => [...flags, '--out', out, ...more];
  const measured = (out: string) => {
    const path = at(out, 'compare', 'results.json');
    const { measurements, failures }: ExperimentResults = JSON.parse(readFileSync(path, 'utf8'));
    expect(failures).toEqual([]);
    return measurements.map(({ runIds: _, ...measurement }) => measurement);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-queue-'));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '4', '--test', '4', '--seconds', '2'];
    expect((await run('synth', '--out', 'sounds', ...synth)).code).toBe(0);
    expect((await run('experiment', 'compare', ...compare('alone'))).code).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  it('does shares, of which the last makes the report', async () => {
    const first = await run('experiment', 'compare', ...compare('shares', '--shard', '0/2'));
    expect(first.stderr).toContain('this share is done, others are not');
    expect(existsSync(at('shares', 'compare'))).toBe(false);
    expect((await run('experiment', 'compare', ...compare('shares', '--shard', '1/2'))).code).toBe(0);
    expect(measured('shares')).toEqual(measured('alone'));
  }, 120_000);

  (hasRedis ? it : it.skip)(
    'with --detach leaves trainings and report to a worker',
    async () => {
      const port = await freePort();
      const address = `redis://127.0.0.1:${port}`;
      const redis = spawn('redis-server', ['--port', String(port), '--save', ''], { cwd: folder });
      let worker: ChildProcess | null = null;
      try {
        const add = () => run('experiment', 'compare', ...compare('left', '--queue', address, '--detach'));
        const added = await add();
        expect(added.stdout).toMatch(
          /^0 of \d+ trainings are finished, the others were added\n.*report\.html/,
        );
        expect(added.code).toBe(0);
        expect((await add()).stdout).toMatch(/^0 of \d+ trainings are finished; .* nothing was added/);
        expect(existsSync(at('left', 'compare'))).toBe(false);
        const working = runCli(['worker', '--queue', address], folder, {
          watch: (stderr, child) => {
            worker = child;
            if (stderr.includes('report of compare is finished')) child.kill('SIGTERM');
          },
        });
        const { stderr, code } = await working;
        expect(stderr).toContain('report of compare begins');
        expect(code).toBe(0);
        expect(measured('left')).toEqual(measured('alone'));
        expect(existsSync(at('left', 'compare', 'report.html'))).toBe(true);
      } finally {
        (worker as ChildProcess | null)?.kill('SIGKILL');
        redis.kill('SIGKILL');
        await sleep(100);
      }
    },
    180_000,
  );
});
