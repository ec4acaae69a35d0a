import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { checkpointFile, clipsAhead, runTraining } from '../src';
import { createFeatureThreads, ParallelEngine } from '../src/node';
import { createLine, lineMethod, N_EPOCHS, type Points, planEpoch, SETUP } from './support/line-method';
import { memoryFiles } from './support/memory-files';
import { lineThread, pointsThread } from './support/thread-files';

beforeAll(() => setBackend('cpu'));

const startThreads = () => {
  const line = createLine(SETUP);
  line.dispose(); // dealing out takes no variables
  return ParallelEngine.start<Points>({
    file: lineThread(),
    setup: SETUP,
    split: line.split,
    nThreads: 2,
    backend: 'cpu',
    operations: 'tfjs',
    microBatchSize: 8,
  });
};

it('two threads train what one trains, and resume to the same bits', async () => {
  const alone = await runTraining(lineMethod(), { nEpochs: N_EPOCHS });
  const { planEpoch: plan, prepare } = lineMethod();
  const run = async (options: object) => {
    const engine = await startThreads();
    try {
      return await runTraining({ planEpoch: plan, prepare }, { engine, nEpochs: N_EPOCHS, ...options });
    } finally {
      await engine.close();
    }
  };
  const together = await run({});
  expect(together.weights.get('slope')!.data[0]).toBeCloseTo(alone.weights.get('slope')!.data[0]!, 4);
  const checkpoint = checkpointFile(memoryFiles(), 'run', {});
  const stop = new AbortController();
  let nSteps = 0;
  const onProgress = ({ kind }: { kind: string }) => {
    if (kind === 'step' && ++nSteps === 6) stop.abort();
  };
  await expect(run({ checkpoint, signal: stop.signal, onProgress })).rejects.toThrow(/interrupted/);
  expect((await run({ checkpoint, resume: true })).weights).toEqual(together.weights);
});

it('features come from threads in the order of the requests, each with its own error', async () => {
  const source = createFeatureThreads<{ clips: number[] }, Points, { x: Float32Array }>({
    file: pointsThread(),
    setup: SETUP,
    nThreads: 2,
  });
  try {
    const [plan] = planEpoch(0);
    expect(await source.prepare(plan!)).toEqual(await lineMethod().prepare(plan!));
    const seen: number[] = [];
    for (const { features } of clipsAhead(source, [5, 6, 7])) seen.push((await features).x[0]!);
    expect(seen).toEqual([5, 6, 7]);
    await expect(source.clipFeatures(13)).rejects.toThrow(RangeError);
    expect((await source.clipFeatures(14)).x[0]).toBe(14);
  } finally {
    await source.close();
  }
  await expect(source.clipFeatures(1)).rejects.toThrow(/has died/);
});
