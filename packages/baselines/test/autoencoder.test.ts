import { memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { autoencoder } from '../src/index';
import { clip, normals, platform, RATE } from './support/sounds';
import { trainSystem } from './support/train-system';

const SMALL = {
  frontEnd: { nMels: 16 },
  network: { nHidden: 32, nBottleneck: 4 },
  batch: { size: 32, windowsPerClip: 16 },
  optimization: { nEpochs: 15, learningRate: 0.02 },
};
const clips = [...normals(12), ...normals(12, { machineId: '02' })];

describe('autoencoder', () => {
  beforeAll(() => setBackend('wasm'));

  test.each(['mse', 'mahalanobis'] as const)(
    'with the score %s tells a fault, and loads to the same scores',
    async (score) => {
      const before = memory().numTensors;
      const { scorer, events } = await trainSystem(autoencoder, clips, { overrides: { ...SMALL, score } });
      expect(scorer.machineIds).toEqual(['00', '02']);
      expect(events.filter(({ kind }) => kind === 'epoch')).toHaveLength(15);
      const scoreOf = async (name: string, hertz?: number) => {
        const { waveform } = clip(name, hertz === undefined ? {} : { hertz });
        return scorer.score(waveform!, { sampleRate: RATE, machineId: '00' });
      };
      const fresh = await Promise.all(['a', 'b', 'c'].map((name) => scoreOf(name)));
      const fault = await scoreOf('a', 2500);
      expect(fault.anomalyScore).toBeGreaterThan(Math.max(...fresh.map(({ anomalyScore }) => anomalyScore)));
      expect(fault.isAnomaly).toBe(true);
      const loaded = await autoencoder.load(await scorer.toFiles(), platform);
      expect(await loaded.score(clip('a').waveform!, { sampleRate: RATE, machineId: '00' })).toEqual(
        fresh[0],
      );
      loaded.dispose();
      scorer.dispose();
      expect(memory().numTensors).toBe(before);
    },
  );
});
