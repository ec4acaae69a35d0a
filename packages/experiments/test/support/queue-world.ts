import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { scanDataset, writeMachineSounds } from '@serial-oe/datasets/node';
import type { AsdSystem } from '@serial-oe/runtime';
import type { Experiment, ExperimentResults, RunExperimentsOptions, Variant } from '../../src';

/** Workers and the processes of jobs run what is built. */
export const DIST = new URL('../../dist/', import.meta.url);

/**
 * The module of the systems: `walk` trains for twelve epochs of 150 ms; each is a checkpoint, and tells where it is done. Of the seed 99
 * the data are wrong. `embedding` gives embeddings too, and trains at once. A configuration with `planLog` tells whoever plans with it, and
 * keeps it for a second: that is how a test meets a report under way.
 */
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
const resolveConfig = (_, config) => {
  if (config.planLog && process.argv[1]?.includes('job-entry')) {
    appendFileSync(config.planLog, process.pid + '\\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  }
  return config;
};
const embeddingScorerOf = (state) => ({ ...scorerOf(state), embed: async (waveform) => {
  const data = Float32Array.from({ length: 16 }, (_, i) => waveform.subarray(1000 * i, 1000 * i + 1000).reduce((s, x) => s + x * x, state));
  return { data, nRows: 8, nCols: 2 };
} });
export const systems = [{
  name: 'walk', scope: 'machineType', resolveConfig, countUpdates: () => 12,
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
}, {
  name: 'embedding', scope: 'machineType', resolveConfig, countUpdates: () => 1,
  async train({ config: { seed } }) {
    if (seed === 99) throw new RangeError('the data are wrong');
    return embeddingScorerOf(seed);
  },
  load: async (files) => embeddingScorerOf(JSON.parse(new TextDecoder().decode(files.get('state.json')))),
}];
`;

const WORKER = (address: string, systemsModule: string) => `
import { runBullWorker } from ${JSON.stringify(new URL('bullmq.js', DIST).href)};
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await runBullWorker({
  connection: ${JSON.stringify(address)}, systemsModule: ${JSON.stringify(systemsModule)},
  backend: null, name: process.argv[2], concurrency: 2, lockMs: 2000, signal: stop.signal,
  onEvent: (event) => event.kind !== 'job' && console.log(event.kind, event.jobId ?? '', event.error?.message ?? event.message ?? ''),
});
process.exit(0);
`;

export const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));
export const said = (child: ChildProcess, text: string) =>
  new Promise<void>((resolve, reject) => {
    let all = '';
    child.stdout?.on('data', (chunk) => {
      all += chunk;
      if (all.includes(text)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it said "${text}": ${all}`)));
  });

export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, () => {
      const { port: found } = server.address() as { port: number };
      server.close(() => resolve(found));
    });
  });

/** Sounds, systems, and the processes of a test that queues jobs. */
export class QueueWorld {
  readonly folder: string;
  readonly systems: readonly AsdSystem[];
  readonly #children = new Set<ChildProcess>();

  private constructor(folder: string, systems: readonly AsdSystem[]) {
    this.folder = folder;
    this.systems = systems;
  }

  static async open(name: string): Promise<QueueWorld> {
    const folder = mkdtempSync(join(tmpdir(), `serial-oe-${name}-`));
    writeFileSync(join(folder, 'systems.mjs'), SYSTEMS);
    const { systems } = await import(pathToFileURL(join(folder, 'systems.mjs')).href);
    const sounds = { machineTypes: ['fan'] as const, nIds: 1, nTrain: 1, nTest: 2, durationSeconds: 1 };
    await writeMachineSounds(join(folder, 'sounds'), sounds);
    return new QueueWorld(folder, systems);
  }

  at(...names: string[]): string {
    return join(this.folder, ...names);
  }

  start(command: string, args: string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: this.folder });
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    return child;
  }

  /** A server of the test's own, whose data survive kill -9. */
  async startRedis(port: number): Promise<ChildProcess> {
    const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', this.folder, '--save', ''];
    const server = this.start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...settings]);
    await said(server, 'Ready to accept connections');
    return server;
  }

  /** @param queueName default the queue's own */
  async startWorker(address: string, queueName = 'serial-oe'): Promise<ChildProcess> {
    writeFileSync(this.at('worker.mjs'), WORKER(address, this.at('systems.mjs')));
    const worker = this.start(process.execPath, [this.at('worker.mjs'), queueName]);
    await said(worker, 'ready');
    return worker;
  }

  options(seeds: readonly number[]): Omit<RunExperimentsOptions, 'queue' | 'outFolder'> {
    return { systems: this.systems, dataset: scanDataset(this.at('sounds')), seeds };
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all([...this.#children].map(ended));
    rmSync(this.folder, { recursive: true, maxRetries: 5 });
  }
}

/** Two variants of `walk`. */
export const walks = (name: string, config: object = {}): Experiment => ({
  ...{ name, title: name, question: 'Is each job done once?' },
  variants: ['a', 'b'].map((id): Variant => {
    const training = { config: { variant: id, ...config }, isPretrained: false };
    return { id, title: id, system: 'walk', training, scoring: {} };
  }),
});

/** What must not depend on who did it. */
export const figures = ({ measurements, differences, runs }: ExperimentResults) => ({
  measurements: measurements.map(({ runIds: _, ...measurement }) => measurement),
  differences,
  states: runs.map(({ provenance }) => provenance.state),
});
