import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { scanDataset, writeMachineSounds } from '@serial-oe/datasets/node';
import type { AsdSystem } from '@serial-oe/runtime';
import type { Experiment, RunExperimentsOptions, Variant } from '../src';

/** Processes run what is built. */
const { processQueue, runExperiments }: typeof import('../src') = await import(
  new URL('../dist/index.js', import.meta.url).href
);

/** Two systems as a module: the mean of a clip, and one whose process dies when it trains. */
const SYSTEMS = `
const scorer = {
  machineIds: [], input: { sampleRate: 16000, chunkSeconds: 1 },
  score: async (waveform) => {
    const chunkScores = Float64Array.of(waveform.reduce((sum, x) => sum + x * x, 0) / waveform.length);
    return { anomalyScore: chunkScores[0], chunkScores, isAnomaly: false, threshold: 0 };
  },
  provenance: { pid: process.pid },
  toFiles: async () => new Map([['empty.json', Buffer.from('{}')]]),
  dispose() {},
};
const system = { name: 'power', scope: 'machineType', resolveConfig: (_, config) => config, countUpdates: () => 0,
  train: async () => scorer, load: async () => scorer };
const dying = { ...system, name: 'dying', train: () => process.kill(process.pid, 'SIGKILL') && new Promise(() => {}) };
export const systems = [system, dying];
`;

let folder: string;
let systems: readonly AsdSystem[];
const options = (): Omit<RunExperimentsOptions, 'queue' | 'outFolder'> => ({
  ...{ systems, dataset: scanDataset(join(folder, 'sounds')), seeds: [0, 1] },
});
const experiment = (...names: string[]): Experiment => ({
  ...{ name: 'processes', title: 'Processes', question: 'Does each job have its own?' },
  variants: names.map((name): Variant => {
    const training = { config: {}, isPretrained: false };
    return { id: name, title: name, system: name, training, scoring: {} };
  }),
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-processes-'));
  writeFileSync(join(folder, 'systems.mjs'), SYSTEMS);
  writeFileSync(join(folder, 'none.mjs'), 'export const nothing = 1;');
  systems = (await import(pathToFileURL(join(folder, 'systems.mjs')).href)).systems;
  const sounds = { machineTypes: ['fan'] as const, nIds: 1, nTrain: 1, nTest: 2, durationSeconds: 1 };
  await writeMachineSounds(join(folder, 'sounds'), sounds);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('processQueue', () => {
  it('does each job in a process of its own, and one that dies takes no other along', async () => {
    const queue = processQueue({ workers: 2, systemsModule: join(folder, 'systems.mjs'), backend: null });
    const run = { ...options(), queue, outFolder: join(folder, 'out') };
    const [result] = await runExperiments([experiment('power', 'dying')], run);
    const pids = result?.runs.map(({ provenance }) => provenance.pid);
    expect(new Set([...(pids ?? []), process.pid]).size).toBe(3);
    expect(result?.measurements.map(({ variant, seed }) => [variant, seed])).toEqual([
      ['power', 0],
      ['power', 1],
    ]);
    expect(result?.failures.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringMatching(/process of the job ended \(SIGKILL\).*fewer workers/)),
    );
  });

  it('names a module without systems', async () => {
    const queue = processQueue({ systemsModule: pathToFileURL(join(folder, 'none.mjs')), backend: null });
    const run = { ...options(), queue, outFolder: join(folder, 'none') };
    const [result] = await runExperiments([experiment('power')], run);
    expect(result?.failures[0]?.reason).toMatch(
      /must export a list `systems`, got undefined from file:.*none\.mjs/,
    );
  });

  it('refuses a number of workers that is none', () => {
    expect(() => processQueue({ systemsModule: 'x.mjs', workers: 0 })).toThrow(
      /workers must be a whole number of at least 1, got 0/,
    );
  });
});
