import type { Clip } from '@serial-oe/datasets';
import { loadClip } from '@serial-oe/datasets/node';
import { activeThreadBackend, createNodePlatform } from '@serial-oe/runtime/node';
import { createLocalEngine } from '@serial-oe/training';
import { createFeatureThreads, ParallelEngine } from '@serial-oe/training/node';
import { createInlineSource } from './features/spectrogram-source';
import { createScoringThreads } from './node/scoring-threads';
import { featureThreadFile, trainingThreadFile } from './node/thread-files';
import type { Platform } from './platform';
import { checkShares } from './training/memory-plan';
import { createOutlierExposure, operationsName } from './training/outlier-exposure';
import { shardBatch } from './training/shard-batch';

/** Node: files, worker threads. */
export function createPlatform(): Platform {
  return {
    ...createNodePlatform(),
    createSpectrogramSource: (setup, nThreads) =>
      nThreads === 0
        ? createInlineSource(setup, loadClip)
        : createFeatureThreads({
            file: featureThreadFile(),
            setup: { ...setup, clips: setup.clips.map(shareWaveform) },
            nThreads,
          }),
    checkTrainingThreads: (workers) => {
      if (workers > 1) activeThreadBackend('trainSerialOe');
    },
    async createTrainingEngine(setup, { workers, ops, microBatchSize }) {
      if (workers === 1)
        return createLocalEngine(await createOutlierExposure(setup, ops), { microBatchSize });
      checkShares(setup.config, workers);
      return ParallelEngine.start({
        file: trainingThreadFile(),
        setup,
        split: (batch, nParts) => shardBatch(batch, nParts, setup.config.loss),
        nThreads: workers,
        backend: activeThreadBackend('trainSerialOe'),
        operations: operationsName(ops),
        microBatchSize,
      });
    },
    createScoringThreads: (model, nThreads) =>
      createScoringThreads(model, { nThreads, backend: activeThreadBackend('scoreClips') }),
  };
}

/** The clip with its samples in memory that threads share, so that no thread copies them. */
function shareWaveform(clip: Clip): Clip {
  if (clip.waveform === undefined) return clip;
  const shared = new Float32Array(new SharedArrayBuffer(clip.waveform.byteLength));
  shared.set(clip.waveform);
  return { ...clip, waveform: shared };
}
