import { resolveConfig, type SerialOeConfigOverrides } from '../../src';
import type { NetworkSetup } from '../../src/training/outlier-exposure';
import type { PreparedBatch } from '../../src/training/prepare-batch';
import { TINY_CONFIG } from './tiny-dataset';

export const TINY_INPUT: [number, number] = [32, 17];
export const N_TINY_IDS = 2;

/** What a network on 32 x 17 spectrograms is made from. */
export function tinySetup(overrides: SerialOeConfigOverrides = {}): NetworkSetup {
  return {
    config: resolveConfig('quick', {
      ...TINY_CONFIG,
      ...overrides,
      network: { ...TINY_CONFIG.network, ...overrides.network },
    }),
    nMachineIds: N_TINY_IDS,
    inputShape: TINY_INPUT,
    scheduleSteps: 10,
    pretrainedWeights: undefined,
  };
}

/** Half normal, half outliers, as after Mixup: the normal samples keep unequal shares of normal sound. */
export function tinyBatch(nSamples = 8, seed = 0, isMixed = true): PreparedBatch {
  const size = TINY_INPUT[0] * TINY_INPUT[1];
  const y = Float32Array.from({ length: nSamples }, (_, i) =>
    i < nSamples / 2 ? 1 - (0.7 * i) / nSamples : 0,
  );
  const targets = new Float32Array(nSamples * N_TINY_IDS);
  y.forEach((share, i) => {
    targets[i * N_TINY_IDS + (i % N_TINY_IDS)] = share;
  });
  return {
    spectrograms: Float32Array.from({ length: nSamples * size }, (_, i) =>
      Math.abs(Math.sin((i + 1) * 0.37 + seed)),
    ),
    y,
    targets,
    isMixed,
  };
}
