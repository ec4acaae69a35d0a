import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresBackend, Queue } from 'bullmq';
import type { ExperimentResults } from '../src';
import { DIST, ended, figures, QueueWorld, walks } from './support/queue-world';

const { processQueue, runExperiments }: typeof import('../src') = await import(
  new URL('index.js', DIST).href
);
const { bullQueue, queueExperiments }: typeof import('../src/bullmq') = await import(
  new URL('bullmq.js', DIST).href
);

/** A database that the tests may use: they leave the schema `bullmq` behind, without jobs. */
const ADDRESS = process.env.SERIAL_OE_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/test';

/** Why it cannot be used; null where it can. One that was named has to be there. */
async function whatIsMissing(): Promise<string | null> {
  if (process.env.SERIAL_OE_TEST_POSTGRES !== undefined) return null;
  const options = { connection: { connectionString: ADDRESS, connectionTimeoutMillis: 3000 } as never };
  const queue = new Queue('test-connection', options, createPostgresBackend as never);
  queue.on('error', () => {});
  try {
    await queue.waitUntilReady();
    return null;
  } catch (error) {
    return (error as Error).message || 'it does not answer';
  } finally {
    await queue.close().catch(() => {});
  }
}
const missing = await whatIsMissing();
const isThere = missing === null;
if (!isThere) {
  process.stderr.write(
    `SKIPPED: no PostgreSQL at ${new URL(ADDRESS).host} (or where SERIAL_OE_TEST_POSTGRES says), ${missing}: the queue on postgres:// is not tested\n`,
  );
}

const withPostgres = isThere ? describe : describe.skip;

withPostgres('a queue on PostgreSQL', () => {
  const name = `test-${process.pid}-${Date.now()}`;
  let world: QueueWorld;
  const queueOf = () =>
    bullQueue({ connection: ADDRESS, backend: 'none', name, pollMs: 500, backOffMs: 200 });

  beforeAll(async () => {
    world = await QueueWorld.open('postgres');
  }, 60_000);
  afterAll(async () => {
    await world.close();
    const options = { connection: { connectionString: ADDRESS } as never };
    const queue = new Queue(`${name}-none`, options, createPostgresBackend as never);
    await queue.obliterate({ force: true });
    await queue.close();
  }, 60_000);

  it('does every job once where workers are killed, to the figures of a single process', async () => {
    const seeds = [0, 1, 2];
    const log = world.at('epochs.log');
    writeFileSync(log, '');
    const epochs = () => readFileSync(log, 'utf8').trim().split('\n').filter(Boolean);
    const queue = queueOf();
    const workers = [await world.startWorker(ADDRESS, name), await world.startWorker(ADDRESS, name)];
    const running = runExperiments([walks('walks', { log })], {
      ...{ ...world.options(seeds), queue, outFolder: world.at('many') },
    });
    const havoc = (async () => {
      for (const i of [0, 1, 0]) {
        const before = epochs().length;
        while (epochs().length < before + 6) await sleep(50); // in the middle of trainings
        const killed = ended(workers[i]!);
        workers[i]!.kill('SIGKILL');
        await killed;
        workers[i] = await world.startWorker(ADDRESS, name);
      }
    })();
    const [many] = (await running) as [ExperimentResults];
    await havoc;
    await queue.close();
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map(ended));

    const single = processQueue({ systemsModule: world.at('systems.mjs'), workers: 3, backend: null });
    const alone = { ...world.options(seeds), queue: single, outFolder: world.at('alone') };
    const [one] = (await runExperiments([walks('walks')], alone)) as [ExperimentResults];
    expect(many.failures).toEqual([]);
    expect(one.failures).toEqual([]);
    expect(new Set(many.runs.map(({ id }) => id)).size).toBe(6);
    expect(figures(many)).toEqual(figures(one));
    // Killed in an epoch, a training does that one again, and none before its last checkpoint.
    expect(epochs().length).toBeGreaterThanOrEqual(6 * 12);
    expect(epochs().length).toBeLessThan(6 * 12 + 2 * 3 * 2);
  }, 240_000);

  it('stops what nobody waits for any more, and the same call goes on from the checkpoint', async () => {
    const log = world.at('resumed.log');
    writeFileSync(log, '');
    const lines = () => readFileSync(log, 'utf8').trim().split('\n').filter(Boolean);
    const worker = await world.startWorker(ADDRESS, name);
    const queue = queueOf();
    const run = (signal?: AbortSignal) =>
      runExperiments([walks('resumed', { log })], {
        ...{ ...world.options([11]), queue, outFolder: world.at('resumed'), signal },
      });
    const stop = new AbortController();
    const stopped = expect(run(stop.signal)).rejects.toThrow(/interrupted with/);
    while (lines().length < 6) await sleep(50);
    stop.abort();
    await stopped;
    const before = lines().length;
    await sleep(1500);
    expect(lines()).toHaveLength(before); // nobody goes on
    const [result] = (await run()) as [ExperimentResults];
    expect(result.measurements).toHaveLength(2);
    expect(lines().length).toBeLessThan(2 * 12 + 2 * 2);
    await queue.close();
    worker.kill('SIGTERM');
    await ended(worker);
  }, 120_000);

  it('has the report of a flow made by a worker, with the reason of what failed', async () => {
    const queue = queueOf();
    const run = { ...world.options([5, 99]), queue, outFolder: world.at('flow') };
    expect(await queueExperiments([walks('flow')], run)).toMatchObject({ nJobs: 4, isNew: true });
    expect(await queueExperiments([walks('flow')], run)).toMatchObject({ isNew: false });
    await queue.close();
    const worker = await world.startWorker(ADDRESS, name);
    const path = world.at('flow', 'flow', 'report.html');
    for (let i = 0; i < 1000 && !existsSync(path); i++) await sleep(100);
    const { measurements, failures }: ExperimentResults = JSON.parse(
      readFileSync(world.at('flow', 'flow', 'results.json'), 'utf8'),
    );
    expect(measurements.map(({ seed }) => seed)).toEqual([5, 5]);
    expect(failures.map(({ reason }) => reason)).toEqual(['the data are wrong', 'the data are wrong']);
    worker.kill('SIGTERM');
    await ended(worker);
  }, 120_000);
});
