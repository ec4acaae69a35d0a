import { parentPort, workerData } from 'node:worker_threads';
import { loadClip } from '@serial-oe/datasets/node';
import { packError } from '@serial-oe/runtime/node';
import { createInlineFeatureSource, type FeatureSourceSetup } from '../features/feature-source';
import type { WorkerReply, WorkerRequest } from './feature-workers';

const port = parentPort;
if (port === null) throw new Error('serial-oe: feature-worker must run in a worker thread.');
const source = createInlineFeatureSource(workerData as FeatureSourceSetup, loadClip);

port.on('message', async (request: WorkerRequest) => {
  const { id } = request;
  try {
    if ('plan' in request) {
      const result = await source.trainingBatch(request.plan);
      const { spectrograms, y, targets } = result;
      const buffers = [spectrograms, y, ...(targets ? [targets] : [])].map(
        (array) => array.buffer as ArrayBuffer,
      );
      port.postMessage({ id, result } satisfies WorkerReply, buffers);
    } else {
      const result = await source.clipSpectrograms(request.clip);
      port.postMessage({ id, result } satisfies WorkerReply, [result.data.buffer as ArrayBuffer]);
    }
  } catch (error) {
    port.postMessage({ id, error: packError(error) } satisfies WorkerReply);
  }
});
