import { parentPort, workerData } from 'node:worker_threads';
import { ClipStore } from '@serial-oe/datasets';
import { loadClip } from '@serial-oe/datasets/node';
import type { ClipScore } from '@serial-oe/runtime';
import { serveRequests, startThreadBackend } from '@serial-oe/runtime/node';
import { FrontEnd } from '../features/front-end';
import { fromBundleFiles } from '../model/read-bundle';
import type { SerialOeModel } from '../model/serial-oe-model';
import { createPlatform } from '../platform-node';
import type { ScoringRequest, ScoringWorkerData } from './scoring-threads';

interface State {
  model: SerialOeModel;
  frontEnd: FrontEnd;
}

const { files, backend, operations } = workerData as ScoringWorkerData;

serveRequests(parentPort, { start, answer: score });

async function start(): Promise<{ state: State; ready: null }> {
  const ops = await startThreadBackend(backend, operations);
  const model = await fromBundleFiles(files, { name: 'the model', platform: createPlatform(), ops });
  return { state: { model, frontEnd: new FrontEnd(model.config.frontEnd) }, ready: null };
}

async function score(
  { model, frontEnd }: State,
  { clip }: ScoringRequest & { id: number },
): Promise<ClipScore> {
  const store = new ClipStore([clip], {
    load: loadClip,
    prepare: (waveform, recording) => frontEnd.toSampleRate(waveform, recording),
    maxBytes: 0,
  });
  const spectrograms = frontEnd.clipSpectrograms(await store.waveform(0), model.parts.amplitude);
  return model.scoreSpectrograms(spectrograms, clip.machineId);
}
