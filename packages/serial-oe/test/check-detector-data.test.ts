import { TrainingDataError } from '@serial-oe/runtime';
import { resolveConfig, type SerialOeConfigOverrides } from '../src';
import { mergeConfig } from '../src/config/merge-config';
import { buildTrainingSet } from '../src/data/training-set';
import { checkDetectorData } from '../src/model/check-detector-data';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

/** Fan 00 and 02 have `nTrain` normal clips each, of `nChunks` chunks. */
function check(overrides: SerialOeConfigOverrides, { nTrain = 6, nChunks = 4 } = {}): () => void {
  const config = mergeConfig('check', resolveConfig('quick', TINY_CONFIG), overrides);
  const set = buildTrainingSet(tinyDataset({ nTrain, nTest: 1 }), 'fan', config);
  return () => checkDetectorData(set, config, new Int32Array(set.clips.length).fill(nChunks));
}

it.each<[string, SerialOeConfigOverrides, { nTrain?: number; nChunks?: number }]>([
  ['the usual', {}, {}],
  // five folds of six clips: the largest takes two of them out
  ['as many components as a fold has chunks', { detector: { nComponents: 16 } }, {}],
  ['one clip, which has no folds', { detector: { nComponents: 4 } }, { nTrain: 1 }],
  [
    'held-out clips, so that there are no folds',
    { detector: { nComponents: 12 }, validation: { fraction: 0.5 } },
    {},
  ],
  [
    'one detector of both machines',
    { detector: { nComponents: 36 }, useMachineIds: false, loss: { alpha: 0 } },
    {},
  ],
  ['no regCovar and chunks enough', { detector: { regCovar: 0, nComponents: 1 } }, {}],
  [
    'no regCovar on the diagonal',
    { detector: { regCovar: 0, nComponents: 1, covarianceType: 'diag' } },
    { nTrain: 2, nChunks: 2 },
  ],
])('takes %s', (_, overrides, options) => {
  expect(check(overrides, options)).not.toThrow();
});

it.each<[string, SerialOeConfigOverrides, { nTrain?: number; nChunks?: number }, RegExp]>([
  [
    'more components than the folds have chunks',
    { detector: { nComponents: 17 } },
    {},
    /17 component\(s\).* at least 17 chunks to be fitted on, but machine ID 00 has 16 in the folds of its 6 clips that set the threshold; machine ID 02 has 16 .* Lower detector.nComponents/,
  ],
  [
    'more components than one clip has',
    { detector: { nComponents: 5 } },
    { nTrain: 1 },
    /machine ID 00 has 4; machine ID 02 has 4/,
  ],
  [
    'more components than held-out clips have',
    { detector: { nComponents: 13, fitOn: 'validation' }, validation: { fraction: 0.5 } },
    {},
    /machine ID 00 has 8 in the folds of its 3 clips/,
  ],
  [
    'no held-out clip to fit on',
    { detector: { fitOn: 'validation' }, validation: { fraction: 0.1 } },
    { nTrain: 1 },
    /machine ID 00 has no clip to fit it on.* Raise validation.fraction, or set detector.fitOn to 'train'/,
  ],
  [
    'the chunks of both machines',
    { detector: { nComponents: 60 }, useMachineIds: false, loss: { alpha: 0 } },
    {},
    /machine ID all has 36/,
  ],
  [
    'too few chunks for a bare covariance',
    { detector: { regCovar: 0, nComponents: 1 } },
    { nTrain: 2 },
    /at least 9 chunks .* machine ID 00 has 4.* Raise detector.regCovar, or record more/,
  ],
])('names %s before the training', (_, overrides, options, message) => {
  expect(check(overrides, options)).toThrow(TrainingDataError);
  expect(check(overrides, options)).toThrow(message);
});
