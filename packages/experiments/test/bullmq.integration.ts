import { type ChildProcess, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@serial-oe/foundation';
import type { Experiment, ExperimentResults } from '../src';
import { DIST, ended, figures, freePort, QueueWorld, said, walks } from './support/queue-world';

const { processQueue, runExperiments }: typeof import('../src') = await import(
  new URL('index.js', DIST).href
);
const { bullQueue }: typeof import('../src/bullmq') = await import(new URL('bullmq.js', DIST).href);

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) {
  process.stderr.write(
    'SKIPPED: no redis-server on this machine: the queue over several machines is not tested\n',
  );
}

let world: QueueWorld;
let port: number;
const startWorker = () => world.startWorker(`redis://127.0.0.1:${port}`);
const experiment = (name: string, log?: string): Experiment => walks(name, log ? { log } : {});
const queueOf = (name: string, more = {}) =>
  bullQueue({
    connection: `redis://127.0.0.1:${port}`,
    backend: 'none',
    name,
    pollMs: 500,
    backOffMs: 200,
    ...more,
  });

const withRedis = hasRedis ? describe : describe.skip;

withRedis('a queue on a server', () => {
  let server: ChildProcess;
  beforeAll(async () => {
    world = await QueueWorld.open('bullmq');
    port = await freePort();
    server = await world.startRedis(port);
  }, 60_000);
  afterAll(() => world.close());

  it('survives ten killed workers and a killed server: every job once, the figures of a single process', async () => {
    const seeds = Array.from({ length: 8 }, (_, seed) => seed);
    const log = world.at('epochs.log');
    writeFileSync(log, '');
    const queue = queueOf('serial-oe');
    const workers = await Promise.all([startWorker(), startWorker(), startWorker()]);
    let isOver = false;
    const random = seededRandom(Date.now());
    const havoc = (async () => {
      for (let kills = 0; kills < 10 && !isOver; kills++) {
        await sleep(300 + 500 * random());
        const i = Math.floor(random() * workers.length);
        const killed = ended(workers[i]!);
        workers[i]!.kill('SIGKILL');
        await killed;
        workers[i] = await startWorker();
        if (kills !== 4) continue;
        const gone = ended(server);
        server.kill('SIGKILL');
        await gone;
        await sleep(500);
        server = await world.startRedis(port);
      }
    })();
    const run = { ...world.options(seeds), queue, outFolder: world.at('many') };
    const [many] = (await runExperiments([experiment('walks', log)], run)) as [ExperimentResults];
    isOver = true;
    await havoc;
    await queue.close();
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map(ended));

    const single = processQueue({ systemsModule: world.at('systems.mjs'), workers: 4, backend: null });
    const alone = { ...world.options(seeds), queue: single, outFolder: world.at('alone') };
    const [one] = (await runExperiments([experiment('walks')], alone)) as [ExperimentResults];
    expect(many.failures).toEqual([]);
    expect(many.runs).toHaveLength(16);
    expect(new Set(many.runs.map(({ id }) => id)).size).toBe(16);
    expect(figures(many)).toEqual(figures(one));
    // A process that is killed in an epoch does that one again; no epoch before its last checkpoint.
    const epochs = readFileSync(log, 'utf8').trim().split('\n').length;
    expect(epochs).toBeGreaterThanOrEqual(16 * 12);
    expect(epochs).toBeLessThan(16 * 12 + 2 * 10 * 2);
  }, 240_000);

  it('tells progress, tries wrong data once, and takes back the jobs of a worker that is told to end', async () => {
    const [first, second] = [await startWorker(), await startWorker()];
    const queue = queueOf('serial-oe');
    const events: string[] = [];
    const results = runExperiments([experiment('ending')], {
      ...world.options([3, 99]),
      ...{ queue, outFolder: world.at('ending') },
      onProgress: (event) => {
        if (event.kind === 'job' && event.event.kind === 'training') events.push(event.jobId);
      },
    });
    await sleep(700);
    const returned = said(first, 'returned');
    first.kill('SIGTERM');
    await Promise.all([returned, ended(first)]);
    const [result] = (await results) as [ExperimentResults];
    expect(result.measurements.map(({ variant, seed }) => [variant, seed])).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
    expect(result.failures.map(({ seed, reason }) => [seed, reason])).toEqual([
      [99, 'the data are wrong'],
      [99, 'the data are wrong'],
    ]);
    expect(new Set(events).size).toBe(2);
    await queue.close();
    second.kill('SIGTERM');
    await ended(second);
  }, 60_000);

  it('gives up what it waits for: waiting jobs leave the queue, running ones stop with a checkpoint', async () => {
    const worker = await startWorker();
    const queue = queueOf('serial-oe');
    const stop = new AbortController();
    const log = world.at('given-up.log');
    writeFileSync(log, '');
    const seeds = [11, 12, 13];
    const run = (signal?: AbortSignal) =>
      runExperiments([experiment('given-up', log)], {
        ...{ ...world.options(seeds), queue, outFolder: world.at('given-up'), signal },
      });
    const stopped = run(stop.signal);
    await sleep(800);
    stop.abort();
    await expect(stopped).rejects.toThrow(/interrupted with/);
    const before = readFileSync(log, 'utf8').trim().split('\n').length;
    await sleep(1000);
    expect(readFileSync(log, 'utf8').trim().split('\n').length).toBe(before); // nobody goes on
    const [result] = (await run()) as [ExperimentResults];
    expect(result.measurements).toHaveLength(6);
    await queue.close();
    worker.kill('SIGTERM');
    await ended(worker);
  }, 90_000);

  it('refuses an address that is none', () => {
    expect(() => bullQueue({ connection: 'localhost:6379' })).toThrow(
      /experiments\.bullQueue: connection must be an address such as redis:/,
    );
    expect(() => bullQueue({ connection: 'redis://x', attempts: 0 })).toThrow('attempts');
    expect(fileURLToPath(DIST)).toContain('dist');
  });
});
