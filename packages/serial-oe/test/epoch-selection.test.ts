import { resolveConfig, TrainingDataError } from '../src';
import { buildTrainingSet } from '../src/data/training-set';
import { tinyDataset } from './support/tiny-dataset';

it('a training does not begin where there are no held-out clips to choose an epoch by', () => {
  const config = resolveConfig('quick', { validation: { fraction: 0.5, selection: 'best' } });
  const set = () => buildTrainingSet(tinyDataset({ nTrain: 1, seconds: 0.01 }), 'fan', config);
  expect(set).toThrow(TrainingDataError);
  expect(set).toThrow(/'best' must have held-out clips to choose by, got none out of a share of 0.5/);
});
