import type { MelSpectrogramResult } from '@serial-oe/audio-features';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { bandStatistics, modulationSpectrum, rankedPooling } from '../src/index';
import { melStatisticsMethod } from '../src/mel-statistics/mel-statistics';
import { fitDetector, scoreVector } from '../src/shared/fit-machine';
import type { VectorConfig, VectorMethod } from '../src/shared/vector-method';
import { twfrGmmMethod } from '../src/twfr-gmm/twfr-gmm';
import golden from './golden/baselines.json';

const [N_CLIPS, N_MELS, N_FRAMES] = [14, 6, 40];

/** As tools/reference/baselines.py makes them. */
function spectrograms(name: string, shift = 0): MelSpectrogramResult[] {
  const values = Float32Array.from(
    formulaValues(name, N_CLIPS * N_MELS * N_FRAMES),
    (value) => -40 + 20 * value,
  );
  const size = N_MELS * N_FRAMES;
  return Array.from({ length: N_CLIPS }, (_, i) => ({
    data: values.slice(i * size, (i + 1) * size).map((value) => value + shift),
    ...{ nMels: N_MELS, nFrames: N_FRAMES },
  }));
}

const [normal, test] = [spectrograms('normal'), spectrograms('test', 3)];

/** Scores of the test clips by a fit to the normal ones. */
function scores<Config extends VectorConfig>(method: VectorMethod<Config>, overrides: object): number[] {
  const config = method.resolveConfig(overrides);
  const choices = method.choices(config);
  const vectorOf = (spectrogram: MelSpectrogramResult) => method.describe(spectrogram, config, choices)[0]!;
  const detector = fitDetector(normal.map(vectorOf), { method, config, machineId: '00', deviations: [] });
  return test.map((spectrogram) => scoreVector(detector, vectorOf(spectrogram), method));
}

it('means, deviations and roughness are NumPy`s', () => {
  const options = { rtol: 1e-9, atol: 0 };
  expectAllClose(bandStatistics(normal[0]!, 'meanDeviationRoughness'), golden.statistics, options);
  expectAllClose(
    bandStatistics(normal[0]!, 'meanDeviation'),
    golden.statistics.slice(0, 2 * N_MELS),
    options,
  );
  expectAllClose(bandStatistics(normal[0]!, 'mean'), golden.statistics.slice(0, N_MELS), options);
});

it('modulation spectra are NumPy`s', () => {
  const spectrum = modulationSpectrum(normal[0]!, golden.frameRate);
  expectAllClose(spectrum, golden.modulation, { rtol: 1e-6, atol: 1e-6 }); // the mean is removed in float32
});

it('ranked pooling is NumPy`s, from the maximum to the mean', () => {
  const pooled = rankedPooling(normal[0]!, golden.ranks);
  pooled.forEach((vector, i) => {
    expectAllClose(vector, golden.pooled[i]!, { rtol: 1e-9, atol: 0 });
  });
});

it('mel-statistics scores by scikit-learn`s LedoitWolf', () => {
  expectAllClose(scores(melStatisticsMethod, {}), golden.logDistances, { rtol: 1e-5, atol: 1e-5 }); // the shift is in float32
});

it('twfr-gmm scores by scikit-learn`s GaussianMixture', () => {
  expectAllClose(scores(twfrGmmMethod, { rank: 0.9 }), golden.negativeLogLikelihoods, {
    rtol: 1e-5,
    atol: 1e-5,
  });
});
