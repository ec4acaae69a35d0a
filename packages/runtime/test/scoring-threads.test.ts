import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ScoringWorkerError, UnknownMachineIdError } from '../src';
import { createScoringThreads, type ScoringThreadsOptions } from '../src/node';

/** A system without a network; a clip that begins with -1 ends its thread. The machine's name comes with the threshold. */
const SYSTEMS = `
import { threadId } from 'node:worker_threads';
const load = async (files) => {
  const { scale } = JSON.parse(new TextDecoder().decode(files.get('model.json')));
  return {
    async score(waveform, { machineId }) {
      if (waveform[0] === -1) process.exit(3);
      if (machineId !== '00') throw Object.assign(new Error('machineId must be 00'), { name: 'UnknownMachineIdError' });
      return { anomalyScore: scale * waveform[0], chunkScores: new Float64Array([threadId]), isAnomaly: true, threshold: 1 };
    },
  };
};
export const systems = [{ name: 'other' }, { name: 'made-up', load }];
`;

describe('createScoringThreads', () => {
  let folder: string;
  let options: ScoringThreadsOptions;
  const clip = (value: number, machineId = '00') => ({
    waveform: Float32Array.of(value),
    options: { sampleRate: 16000, machineId },
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-threads-'));
    writeFileSync(join(folder, 'systems.mjs'), SYSTEMS);
    options = {
      systemsModule: pathToFileURL(join(folder, 'systems.mjs')),
      system: 'made-up',
      files: new Map([['model.json', new TextEncoder().encode('{"scale": 3}')]]),
      nThreads: 2,
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('score on several threads what the model says, and throw its errors', async () => {
    const threads = await createScoringThreads(options);
    const scores = await Promise.all([1, 2, 3, 4].map((value) => threads.score(clip(value))));
    expect(scores.map(({ anomalyScore }) => anomalyScore)).toEqual([3, 6, 9, 12]);
    expect(new Set(scores.map(({ chunkScores }) => chunkScores[0])).size).toBe(2);
    await expect(threads.score(clip(1, '07'))).rejects.toThrow(UnknownMachineIdError);
    expect((await threads.score(clip(5))).anomalyScore).toBe(15);
    await threads.close();
  });

  it('say that a thread has died', async () => {
    const threads = await createScoringThreads({ ...options, nThreads: 1 });
    await expect(threads.score(clip(-1))).rejects.toThrow(ScoringWorkerError);
    await expect(threads.score(clip(1))).rejects.toThrow(/a scoring worker has died: exit code 3/);
    await threads.close();
  });

  it('say what is wrong before they score', async () => {
    await expect(createScoringThreads({ ...options, system: 'scadacos' })).rejects.toThrow(
      /must export a list `systems` with scadacos in it/,
    );
    await expect(createScoringThreads({ ...options, nThreads: 0 })).rejects.toThrow(/nThreads must be/);
    const misspelt = { ...options, threads: 2 } as ScoringThreadsOptions;
    await expect(createScoringThreads(misspelt)).rejects.toThrow(/threads/);
  });
});
