import { asClipScorer, type SerialOeModel, toBundleFiles } from '@serial-oe/serial-oe';
import { type ThreadedScorer, type ThreadedScorerOptions, threadedScorer } from './threaded-scorer';

/** Serial-OE's network as a scorer that can move to threads, which load nothing else. */
export function networkScorer(
  model: SerialOeModel,
  options: Omit<ThreadedScorerOptions, 'create'>,
): ThreadedScorer {
  const { machineType, platform, operations } = model;
  return threadedScorer(asClipScorer(model), {
    ...options,
    async create(nThreads) {
      const files = await toBundleFiles(model.parts);
      const threads = await platform.createScoringThreads({ files, operations }, nThreads);
      return {
        score({ waveform, options: { sampleRate, machineId = model.machineIds[0] as string } }) {
          const clip = { path: 'the waveform', machineType, machineId, waveform, sampleRate };
          return threads.score({ ...clip, label: 'normal', split: 'test' });
        },
        close: () => threads.close(),
      };
    },
  });
}
