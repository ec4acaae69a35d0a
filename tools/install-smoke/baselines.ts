import assert from 'node:assert/strict';
import {
  type MelStatisticsConfig,
  melStatistics,
  rankedPooling,
  stgramMfn,
  twfrGmm,
} from '@serial-oe/baselines';

export function use(): void {
  const config: MelStatisticsConfig = melStatistics.resolveConfig(undefined, { frontEnd: { nMels: 32 } });
  assert.equal(config.frontEnd.nMels, 32);
  assert.equal(twfrGmm.name, 'twfr-gmm');
  assert.equal(stgramMfn.resolveConfig('paper', { seed: 1 }).optimization.nEpochs, 300);
  const spectrogram = { data: Float32Array.of(1, 5, 3), nMels: 1, nFrames: 3 };
  assert.deepEqual(
    rankedPooling(spectrogram, [0, 1]).map((pooled) => pooled[0]),
    [5, 3],
  );
}
