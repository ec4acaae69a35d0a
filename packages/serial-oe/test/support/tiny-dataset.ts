import type { Clip, Dataset } from '@serial-oe/datasets';
import { seededRandom } from '@serial-oe/datasets';
import type { SerialOeConfigOverrides } from '../../src';

const SAMPLE_RATE = 16000;

/** Spectrograms of 32 x 17 and two epochs: seconds on any backend. */
export const TINY_CONFIG: SerialOeConfigOverrides = {
  frontEnd: { chunkSeconds: 1, nMels: 32, hopLength: 1000, nFft: 1024, winLength: 1024 },
  network: { embeddingSize: 8 },
  batch: { nNormal: 4, nOutliers: 4 },
  optimization: { nEpochs: 2 },
  validation: { fraction: 0 },
  detector: { kind: 'gaussianMixture', fitOn: 'train' },
};

export interface TinyDatasetOptions {
  nTrain?: number;
  nTest?: number;
  seconds?: number;
}

/** Two machine types with two IDs each: hums of their own pitch in noise; anomalies carry a second tone. */
export function tinyDataset({ nTrain = 6, nTest = 3, seconds = 2 }: TinyDatasetOptions = {}): Dataset {
  const clips: Clip[] = [];
  for (const [t, machineType] of ['fan', 'pump'].entries()) {
    for (const [m, machineId] of ['00', '02'].entries()) {
      const pitch = 200 + 300 * t + 90 * m;
      const add = (split: Clip['split'], label: Clip['label'], index: number) => {
        const name = `${label}_id_${machineId}_${String(index).padStart(8, '0')}.wav`;
        const path = `${machineType}/${split}/${name}`;
        const waveform = hum({
          pitch,
          isAnomalous: label === 'anomaly',
          seconds,
          random: seededRandom(1, path),
        });
        clips.push({ path, machineType, machineId, label, split, waveform, sampleRate: SAMPLE_RATE });
      };
      for (let i = 0; i < nTrain; i++) add('train', 'normal', i);
      for (let i = 0; i < nTest; i++) add('test', 'normal', i);
      for (let i = 0; i < nTest; i++) add('test', 'anomaly', i);
    }
  }
  return { clips, name: 'tiny' };
}

function hum(options: {
  pitch: number;
  isAnomalous: boolean;
  seconds: number;
  random: () => number;
}): Float32Array {
  const { pitch, isAnomalous, seconds, random } = options;
  const [phase, wobble] = [random() * 6, 1 + 0.01 * random()];
  return Float32Array.from({ length: Math.round(seconds * SAMPLE_RATE) }, (_, i) => {
    const angle = (2 * Math.PI * pitch * wobble * i) / SAMPLE_RATE + phase;
    const fault = isAnomalous ? 0.3 * Math.sin(angle * 4.37) : 0;
    return 0.2 * Math.sin(angle) + 0.1 * Math.sin(2 * angle) + fault + 0.05 * (random() - 0.5);
  });
}
