import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scanDataset, writeMachineSounds } from '@serial-oe/datasets/node';
import type { AsdSystem, ClipScorer } from '@serial-oe/runtime';
import { createNodePlatform } from '@serial-oe/runtime/node';
import { type Experiment, inlineQueue, runExperiments } from '../src';
import { N_TIMED } from '../src/jobs/score-job-clips';
import { bandEnergies } from './support/band-energies';

describe('the time that scoring a clip takes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-timing-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is measured while nothing is read, and the clips after those are read ahead', async () => {
    const nTest = N_TIMED + 3; // half of them anomalous, of one machine: that many clips
    const sounds = { machineTypes: ['fan'] as const, nIds: 1, nTrain: 2, nTest, durationSeconds: 0.5 };
    await writeMachineSounds(join(folder, 'sounds'), sounds);
    let nReading = 0;
    const readingWhileScored: number[] = [];
    const host = createNodePlatform();
    const platform: typeof host = {
      ...host,
      async loadClip(clip) {
        nReading++;
        await sleep(2);
        return host.loadClip(clip).finally(() => nReading--);
      },
    };
    const watched = (scorer: ClipScorer): ClipScorer => ({
      ...scorer,
      async score(waveform, options) {
        readingWhileScored.push(nReading);
        return scorer.score(waveform, options);
      },
    });
    const plain = bandEnergies('machineType') as AsdSystem;
    const system: AsdSystem = {
      ...plain,
      train: async (data, host) => watched(await plain.train(data, host)),
      load: async (files, host) => watched(await plain.load(files, host)),
    };
    const experiment: Experiment = {
      ...{ name: 'timed', title: 'Timed', question: 'Is it scoring alone?' },
      variants: [
        {
          ...{ id: 'own', title: 'own', system: system.name, scoring: {} },
          training: { config: {}, isPretrained: false },
        },
      ],
    };
    const outFolder = join(folder, 'out');
    await runExperiments([experiment], {
      ...{ systems: [system], dataset: scanDataset(join(folder, 'sounds')), seeds: [0], outFolder },
      queue: inlineQueue({ platform }),
    });
    const nClips = readingWhileScored.length;
    expect(nClips).toBeGreaterThan(N_TIMED + 1);
    const [last, ...ahead] = readingWhileScored.slice(N_TIMED).reverse();
    expect(readingWhileScored.slice(0, N_TIMED)).toEqual(new Array(N_TIMED).fill(0));
    expect(ahead).toEqual(ahead.map(() => 1));
    expect(last).toBe(0);
    const [id = ''] = readdirSync(join(outFolder, 'runs'));
    const timing = JSON.parse(readFileSync(join(outFolder, 'runs', id, 'timing.json'), 'utf8'));
    expect(timing).toEqual({ msPerClip: expect.any(Number), nClips: N_TIMED });
  });
});
