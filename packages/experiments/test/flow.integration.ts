import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimFolder } from '@serial-oe/runtime/node';
import { Queue } from 'bullmq';
import type { Experiment, ExperimentResults, Variant } from '../src';
import { DIST, ended, figures, freePort, QueueWorld, said, walks } from './support/queue-world';

const { processQueue, runExperiments }: typeof import('../src') = await import(
  new URL('index.js', DIST).href
);
const { bullQueue, queueExperiments }: typeof import('../src/bullmq') = await import(
  new URL('bullmq.js', DIST).href
);

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) {
  process.stderr.write('SKIPPED: no redis-server on this machine: flows of jobs are not tested\n');
}
const withRedis = hasRedis ? describe : describe.skip;

let world: QueueWorld;
let address: string;
/** As a command that leaves: the queue is let go of before a worker has come. */
const leave = async (experiments: Experiment[], seeds: readonly number[], out: string) => {
  const queue = bullQueue({ connection: address, backend: 'none', backOffMs: 200 });
  const run = { ...world.options(seeds), queue, outFolder: world.at(out) };
  return queueExperiments(experiments, run).finally(() => queue.close());
};
const resultsOf = (out: string, name: string): ExperimentResults =>
  JSON.parse(readFileSync(world.at(out, name, 'results.json'), 'utf8'));
const pageOf = (out: string, name: string) => readFileSync(world.at(out, name, 'report.html'), 'utf8');
const waitFor = async (isTrue: () => boolean) => {
  const end = Date.now() + 110_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error('it did not come');
    await sleep(50);
  }
};
const linesOf = (path: string) =>
  existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean) : [];
/** Runs on one machine, without a server. */
const alone = async (experiment: Experiment, seeds: readonly number[], out: string) => {
  const queue = processQueue({ systemsModule: world.at('systems.mjs'), workers: 2, backend: null });
  const run = { ...world.options(seeds), queue, outFolder: world.at(out) };
  return ((await runExperiments([experiment], run)) as [ExperimentResults])[0];
};

withRedis('jobs that depend on each other', () => {
  const workers: ChildProcess[] = [];
  const startWorker = async () => {
    const worker = await world.startWorker(address);
    workers.push(worker);
    return worker;
  };
  beforeAll(async () => {
    world = await QueueWorld.open('flow');
    const port = await freePort();
    address = `redis://127.0.0.1:${port}`;
    await world.startRedis(port);
  }, 60_000);
  afterEach(async () => {
    for (const worker of workers.splice(0)) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue;
      const gone = ended(worker);
      worker.kill('SIGTERM');
      await gone;
    }
  }, 30_000);
  afterAll(() => world.close());

  it('has the report made by who does the last training, after whoever asked has left', async () => {
    const seeds = [0, 1, 2];
    expect(await leave([walks('left')], seeds, 'left')).toEqual({ nJobs: 6, nFinished: 0, isNew: true });
    expect(await leave([walks('left')], seeds, 'left')).toMatchObject({ isNew: false });
    const first = await startWorker();
    await startWorker();
    await waitFor(() => existsSync(world.at('left', 'left', 'report.html')));
    expect(figures(resultsOf('left', 'left'))).toEqual(
      figures(await alone(walks('left'), seeds, 'left-alone')),
    );
    expect(resultsOf('left', 'left').failures).toEqual([]);
    // What is finished is not done again: the report alone is.
    const { generatedAt } = resultsOf('left', 'left');
    await sleep(1000); // the report job itself is told done a moment after its files are there
    expect(await leave([walks('left')], seeds, 'left')).toEqual({ nJobs: 6, nFinished: 6, isNew: true });
    await waitFor(() => resultsOf('left', 'left').generatedAt > generatedAt);
    expect(first.exitCode).toBeNull();
  }, 180_000);

  it('reports what failed, with its reason, and does not wait for it', async () => {
    await leave([walks('broken')], [5, 99], 'broken');
    await startWorker();
    await waitFor(() => existsSync(world.at('broken', 'broken', 'report.html')));
    const { measurements, failures } = resultsOf('broken', 'broken');
    expect(measurements.map(({ variant, seed }) => [variant, seed])).toEqual([
      ['a', 5],
      ['b', 5],
    ]);
    expect(failures.map(({ seed, reason }) => [seed, reason])).toEqual([
      [99, 'the data are wrong'],
      [99, 'the data are wrong'],
    ]);
    expect(pageOf('broken', 'broken')).toContain('the data are wrong');
  }, 180_000);

  it('does detectors after training and embeddings, and leaves them where the training failed', async () => {
    const neighbours = (k: number): Variant => ({
      ...{ id: `neighbours-${k}`, title: `${k} neighbours`, system: 'embedding' },
      training: { config: {}, isPretrained: false },
      scoring: { detector: { kind: 'kNearestNeighbors', nNeighbors: k } },
    });
    const experiment: Experiment = {
      ...{ name: 'detected', title: 'Detected', question: 'Do detectors follow?' },
      variants: [neighbours(1), neighbours(2)],
    };
    await leave([experiment], [7, 99], 'detected');
    const queue = new Queue('serial-oe-none', { connection: { url: address } });
    expect(await queue.getJobCounts('waiting', 'waiting-children')).toEqual({
      ...{ waiting: 2, 'waiting-children': 3 }, // two trainings; the detectors of each, and the report
    });
    await startWorker();
    await waitFor(() => existsSync(world.at('detected', 'detected', 'report.html')));
    const { measurements, failures } = resultsOf('detected', 'detected');
    const one = await alone(experiment, [7], 'detected-alone');
    expect(measurements.map(({ runIds: _, ...figure }) => figure)).toEqual(
      one.measurements.map(({ runIds: _, ...figure }) => figure),
    );
    expect(measurements).toHaveLength(2);
    expect(failures.map(({ seed, reason }) => [seed, reason])).toEqual([
      [99, 'the data are wrong'],
      [99, 'the data are wrong'],
    ]);
    await queue.close();
  }, 180_000);

  it('writes the report once more, the same, after kill -9 of the worker and of the process that wrote it', async () => {
    const planLog = world.at('plans.log');
    writeFileSync(planLog, '');
    const experiment = walks('killed', { planLog });
    await leave([experiment], [3], 'killed');
    const first = await startWorker();
    await waitFor(() => linesOf(planLog).length > 0); // the report plans, for a second a variant
    const gone = ended(first);
    first.kill('SIGKILL');
    process.kill(Number(linesOf(planLog)[0]), 'SIGKILL');
    await gone;
    expect(existsSync(world.at('killed', 'killed', 'report.html'))).toBe(false);
    const second = await startWorker();
    await said(second, 'finished report of killed');
    expect(new Set(linesOf(planLog)).size).toBe(2);
    expect(figures(resultsOf('killed', 'killed'))).toEqual(
      figures(await alone(walks('killed'), [3], 'killed-alone')),
    );
    expect(pageOf('killed', 'killed')).toMatch(/<\/html>\s*$/);
  }, 180_000);

  it('comes back to a report whose folder another process has, and loses no attempt by that', async () => {
    await leave([walks('held')], [31], 'held');
    const release = await claimFolder(world.at('held'), 'the test');
    const worker = await startWorker();
    for (let i = 0; i < 3; i++) await said(worker, 'returned report of held'); // as often as it would be tried
    expect(existsSync(world.at('held', 'held'))).toBe(false);
    await release();
    await said(worker, 'finished report of held');
    expect(resultsOf('held', 'held').failures).toEqual([]);
  }, 180_000);

  it('does trainings that two reports share once, and both reports', async () => {
    const seeds = [21];
    await leave([walks('shared')], seeds, 'shared');
    await leave([{ ...walks('shared'), name: 'too' }], seeds, 'shared'); // the same trainings under another report
    await Promise.all([startWorker(), startWorker()]);
    await waitFor(() =>
      ['shared', 'too'].every((name) => existsSync(world.at('shared', name, 'report.html'))),
    );
    for (const name of ['shared', 'too']) expect(resultsOf('shared', name).failures).toEqual([]);
    expect(figures(resultsOf('shared', 'too'))).toEqual(figures(resultsOf('shared', 'shared')));
  }, 180_000);
});
