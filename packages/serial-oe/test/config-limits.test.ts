import { seededRandom } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { mutateJson } from '@serial-oe/tooling/test-support/mutate-json';
import { PRESETS, resolveConfig, type SerialOeConfig, type SerialOeConfigOverrides } from '../src/config';

describe('settings that cannot work', () => {
  it.each<[SerialOeConfigOverrides, RegExp]>([
    [
      { optimization: { nEpochs: 1e9 } },
      /config.optimization.nEpochs must be at most 1000000, got 1000000000/,
    ],
    [{ optimization: { maxLearningRate: 1e30 } }, /maxLearningRate must be at most 100, got 1e\+30/],
    [{ optimization: { weightDecay: 1e9 } }, /weightDecay must be at most 100/],
    [{ batch: { nNormal: 1e9 } }, /batch.nNormal must be at most 65536/],
    [{ batch: { nOutliers: 2 ** 40 } }, /batch.nOutliers must be at most 65536/],
    [{ batch: { microBatchSize: 1e9 } }, /batch.microBatchSize must be at most 131072/],
    [{ network: { embeddingSize: 1e6 } }, /network.embeddingSize must be at most 4096/],
    [{ frontEnd: { nMels: 1e6 } }, /frontEnd.nMels must be at most 4096/],
    [{ frontEnd: { nFft: 2 ** 30, winLength: 1024 } }, /frontEnd.nFft must be at most 65536/],
    [{ frontEnd: { sampleRate: 1e9 } }, /frontEnd.sampleRate must be at most 1000000/],
    [{ frontEnd: { chunkSeconds: 1e6 } }, /frontEnd.chunkSeconds must be at most 3600/],
    [{ frontEnd: { nChunks: 1e7 } }, /frontEnd.nChunks must be at most 10000/],
    [{ frontEnd: { power: 1e9 } }, /frontEnd.power must be at most 10/],
    [{ detector: { nComponents: 1e6 } }, /detector.nComponents must be at most 1000/],
    [{ detector: { nInit: 1e9 } }, /detector.nInit must be at most 1000/],
    [{ detector: { maxIter: 1e12 } }, /detector.maxIter must be at most 1000000/],
    [{ loss: { alpha: 1e300 } }, /loss.alpha must be at most 1000000/],
    [{ mixup: { beta: 1e-320 } }, /mixup.beta must be a finite number of at least 1e-300/],
    [{ validation: { fraction: 0.1, everyEpochs: 1e9 } }, /validation.everyEpochs must be at most 1000000/],
    // what does not fit together
    [
      { frontEnd: { chunkSeconds: 0.05 } },
      /chunkSeconds must make chunks longer than half of frontEnd.nFft samples, got 0.05/,
    ],
    [
      { frontEnd: { nFft: 65_536, hopLength: 1000 } },
      /chunkSeconds must make chunks longer than half of frontEnd.nFft samples, got 2/,
    ],
    [{ frontEnd: { hopLength: 40_000 } }, /hopLength must be at most the samples of a chunk .* got 40000/],
    [{ frontEnd: { nMels: 200, nFft: 256, winLength: 256 } }, /nMels must be at most half of frontEnd.nFft/],
    [{ frontEnd: { hopLength: 1 } }, /hopLength must give spectrograms of at most 2097152 values a chunk/],
    [{ frontEnd: { chunkSeconds: 3600 } }, /hopLength must give spectrograms of at most/],
    [
      { detector: { nComponents: 1000 }, network: { embeddingSize: 1024 } },
      /nComponents must give covariance matrices of at most 67108864 values/,
    ],
    [{ decision: { aggregation: { upperQuantileMean: 1.5 } } }, /aggregation must be 'upperHalfMean'/],
    [{ decision: { aggregation: { upperQuantileMean: Number.NaN } } }, /aggregation must be/],
    [{ decision: { aggregation: 'mode' as 'mean' } }, /aggregation must be .* got 'mode'/],
    [{ decision: { aggregation: null as never } }, /aggregation must be .* got null/],
    [{ decision: { falseAlarmRate: 1 } }, /falseAlarmRate must be a number in \[0, 1\)/],
  ])('%j is told', (overrides, message) => {
    expect(() => resolveConfig('quick', overrides)).toThrow(message);
    expect(() => resolveConfig('quick', overrides)).toThrow(RangeError);
  });

  it('are none of the presets, nor large trainings', () => {
    for (const preset of ['paper', 'reference', 'quick'] as const) resolveConfig(preset);
    resolveConfig('paper', {
      frontEnd: {
        sampleRate: 96_000,
        fMax: 48_000,
        nFft: 8192,
        nMels: 512,
        chunkSeconds: 10,
        hopLength: 1024,
      },
      network: { embeddingSize: 1280 },
      batch: { nNormal: 2048, nOutliers: 2048 },
      optimization: { nEpochs: 10_000 },
      detector: { nComponents: 32 },
    });
  });
});

/** As the command reads it: text, JSON, and the preset's values where there are none. */
function read(text: string): SerialOeConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TypeError('no JSON', { cause });
  }
  const config = resolveConfig(undefined, json as SerialOeConfigOverrides);
  if (Object.keys(config).length !== Object.keys(PRESETS.quick).length) throw new Error(`odd ${text}`);
  return config;
}

const isExpected = (error: unknown) =>
  error instanceof Error &&
  (error.constructor === RangeError || error.constructor === TypeError) &&
  (error.message === 'no JSON' || error.message.startsWith('serial-oe.resolveConfig: ')) &&
  error.message.length < 2000;

describe('configurations', () => {
  const samples = [PRESETS.paper, PRESETS.quick, { preset: 'quick', loss: { alpha: 5 } }];

  it('are read or refused by name, 10,000 damaged texts of them', async () => {
    const { nRead, nRefused } = await fuzzReader({
      samples: samples.map((sample) => new TextEncoder().encode(JSON.stringify(sample, null, 1))),
      read: (bytes) => read(new TextDecoder().decode(bytes)),
      isExpected,
      random: seededRandom(1, 'config texts'),
    });
    expect(nRead).toBeGreaterThan(20);
    expect(nRefused).toBeGreaterThan(1000);
  });

  it('are read or refused by name, 10,000 of another content', () => {
    const random = seededRandom(1, 'configs');
    let [nRead, nRefused] = [0, 0];
    for (let i = 0; i < 10_000; i++) {
      const text = JSON.stringify(mutateJson(samples[i % samples.length], random));
      try {
        read(text);
        nRead++;
      } catch (error) {
        if (!isExpected(error)) throw new Error(`config ${text.slice(0, 2000)}`, { cause: error });
        nRefused++;
      }
    }
    expect(nRead).toBeGreaterThan(100);
    expect(nRefused).toBeGreaterThan(1000);
  });
});
