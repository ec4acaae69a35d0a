import { parentPort, workerData } from 'node:worker_threads';
import type { AsdSystem, ClipScorer } from '../../contract/asd-system';
import type { ClipScore } from '../../contract/clip-score';
import { startThreadBackend } from '../backends/thread-backend';
import { createNodePlatform } from '../node-platform';
import type { ScoringThreadData, ScoringThreadRequest } from './scoring-threads';
import { serveRequests } from './serve-requests';

const { systemsModule, system: name, files, backend, operations } = workerData as ScoringThreadData;

serveRequests(parentPort, { start, answer });

async function start(): Promise<{ state: ClipScorer; ready: null }> {
  const { systems } = (await import(systemsModule)) as { systems?: readonly AsdSystem[] };
  const system = Array.isArray(systems) ? systems.find((each) => each.name === name) : undefined;
  if (system === undefined) {
    throw new RangeError(
      `runtime.createScoringThreads: systemsModule must export a list \`systems\` with ${name} in it, got none in ${systemsModule}.`,
    );
  }
  if (backend !== null) await startThreadBackend(backend, operations);
  return { state: await system.load(files, createNodePlatform()), ready: null };
}

function answer(scorer: ClipScorer, { clip }: ScoringThreadRequest & { id: number }): Promise<ClipScore> {
  return scorer.score(clip.waveform, clip.options);
}
