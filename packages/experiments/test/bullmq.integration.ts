import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { scanDataset, writeMachineSounds } from '@serial-oe/datasets/node';
import { seededRandom } from '@serial-oe/foundation';
import type { AsdSystem } from '@serial-oe/runtime';
import type { Experiment, ExperimentResults, RunExperimentsOptions, Variant } from '../src';

/** Workers and the processes of jobs run what is built. */
const DIST = new URL('../dist/', import.meta.url);
const { processQueue, runExperiments }: typeof import('../src') = await import(
  new URL('index.js', DIST).href
);
const { bullQueue }: typeof import('../src/bullmq') = await import(new URL('bullmq.js', DIST).href);

/** Trains for so many epochs of 150 ms; each is a checkpoint, and tells where it is done. Of the seed 99 the data are wrong. */
const SYSTEMS = `
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const scorerOf = (state) => ({
  machineIds: [], input: { sampleRate: 16000, chunkSeconds: 1 },
  score: async (waveform) => {
    const chunkScores = Float64Array.of(waveform.reduce((sum, x, i) => sum + x * x * Math.cos(state * i), 0));
    return { anomalyScore: chunkScores[0], chunkScores, isAnomaly: false, threshold: 0 };
  },
  provenance: { state },
  toFiles: async () => new Map([['state.json', Buffer.from(JSON.stringify(state))]]),
  dispose() {},
});
export const systems = [{
  name: 'walk', scope: 'machineType', resolveConfig: (_, config) => config, countUpdates: () => 12,
  async train({ config: { seed, log }, checkpoint, onProgress, signal }, { files }) {
    if (seed === 99) throw new RangeError('the data are wrong');
    const path = checkpoint.folder + '/walk.json';
    let { epoch, state } = (await files.exists(path))
      ? JSON.parse(new TextDecoder().decode(await files.read(path))) : { epoch: 0, state: seed };
    while (epoch < 12) {
      signal?.throwIfAborted();
      await sleep(150);
      state = Math.sin(1000 * state + epoch) / 3;
      epoch++;
      await files.writeFile(path, JSON.stringify({ epoch, state }));
      if (log) appendFileSync(log, seed + ' ' + epoch + ' ' + process.pid + '\\n');
      onProgress({ kind: 'epoch', epoch: epoch - 1, nEpochs: 12, loss: state, validationLoss: null, learningRate: 1, rssBytes: null });
    }
    return scorerOf(state);
  },
  load: async (files) => scorerOf(JSON.parse(new TextDecoder().decode(files.get('state.json')))),
}];
`;
const WORKER = (address: string, systemsModule: string) => `
import { runBullWorker } from ${JSON.stringify(new URL('bullmq.js', DIST).href)};
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await runBullWorker({
  connection: ${JSON.stringify(address)}, systemsModule: ${JSON.stringify(systemsModule)},
  backend: null, concurrency: 2, lockMs: 2000, signal: stop.signal,
  onEvent: (event) => event.kind !== 'job' && console.log(event.kind, event.jobId ?? '', event.error?.message ?? event.message ?? ''),
});
process.exit(0);
`;

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) {
  process.stderr.write(
    'SKIPPED: no redis-server on this machine: the queue over several machines is not tested\n',
  );
}

let folder: string;
let systems: readonly AsdSystem[];
let port: number;
const children = new Set<ChildProcess>();

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder });
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}
const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));
const said = (child: ChildProcess, text: string) =>
  new Promise<void>((resolve, reject) => {
    let all = '';
    child.stdout?.on('data', (chunk) => {
      all += chunk;
      if (all.includes(text)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it said "${text}": ${all}`)));
  });

/** A server of the test's own, whose data survive kill -9. */
async function startRedis(): Promise<ChildProcess> {
  const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder, '--save', ''];
  const server = start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...settings]);
  await said(server, 'Ready to accept connections');
  return server;
}
async function startWorker(): Promise<ChildProcess> {
  const worker = start(process.execPath, [join(folder, 'worker.mjs')]);
  await said(worker, 'ready');
  return worker;
}
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const { port: found } = server.address() as { port: number };
      server.close(() => resolve(found));
    });
  });
const experiment = (name: string, seedsLog?: string): Experiment => ({
  ...{ name, title: name, question: 'Is each job done once?' },
  variants: ['a', 'b'].map((id): Variant => {
    const config = { variant: id, ...(seedsLog && { log: seedsLog }) };
    return { id, title: id, system: 'walk', training: { config, isPretrained: false }, scoring: {} };
  }),
});
const options = (seeds: readonly number[]): Omit<RunExperimentsOptions, 'queue' | 'outFolder'> => ({
  ...{ systems, dataset: scanDataset(join(folder, 'sounds')), seeds },
});
const queueOf = (name: string, more = {}) =>
  bullQueue({
    connection: `redis://127.0.0.1:${port}`,
    backend: 'none',
    name,
    pollMs: 500,
    backOffMs: 200,
    ...more,
  });
/** What must not depend on who did it. */
const figures = ({ measurements, differences, runs }: ExperimentResults) => ({
  measurements: measurements.map(({ runIds: _, ...measurement }) => measurement),
  differences,
  states: runs.map(({ provenance }) => provenance.state),
});

const withRedis = hasRedis ? describe : describe.skip;

withRedis('a queue on a server', () => {
  let server: ChildProcess;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-bullmq-'));
    port = await freePort();
    writeFileSync(join(folder, 'systems.mjs'), SYSTEMS);
    writeFileSync(
      join(folder, 'worker.mjs'),
      WORKER(`redis://127.0.0.1:${port}`, join(folder, 'systems.mjs')),
    );
    systems = (await import(pathToFileURL(join(folder, 'systems.mjs')).href)).systems;
    const sounds = { machineTypes: ['fan'] as const, nIds: 1, nTrain: 1, nTest: 2, durationSeconds: 1 };
    await writeMachineSounds(join(folder, 'sounds'), sounds);
    server = await startRedis();
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...children].map(ended));
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('survives ten killed workers and a killed server: every job once, the figures of a single process', async () => {
    const seeds = Array.from({ length: 8 }, (_, seed) => seed);
    const log = join(folder, 'epochs.log');
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
        server = await startRedis();
      }
    })();
    const run = { ...options(seeds), queue, outFolder: join(folder, 'many') };
    const [many] = (await runExperiments([experiment('walks', log)], run)) as [ExperimentResults];
    isOver = true;
    await havoc;
    await queue.close();
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map(ended));

    const single = processQueue({ systemsModule: join(folder, 'systems.mjs'), workers: 4, backend: null });
    const alone = { ...options(seeds), queue: single, outFolder: join(folder, 'alone') };
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
      ...options([3, 99]),
      ...{ queue, outFolder: join(folder, 'ending') },
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
    const log = join(folder, 'given-up.log');
    writeFileSync(log, '');
    const seeds = [11, 12, 13];
    const run = (signal?: AbortSignal) =>
      runExperiments([experiment('given-up', log)], {
        ...{ ...options(seeds), queue, outFolder: join(folder, 'given-up'), signal },
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
