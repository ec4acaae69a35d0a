import { DataLeakError, type Dataset } from '@serial-oe/datasets';
import { resolveConfig, TrainingDataError } from '../src';
import { buildTrainingSet } from '../src/data/training-set';
import { tinyDataset } from './support/tiny-dataset';

const config = resolveConfig('paper');
const dataset = tinyDataset();
const ofType = (type: string): Dataset => ({
  clips: dataset.clips.filter(({ machineType }) => machineType === type),
});

describe('buildTrainingSet', () => {
  it('takes normal clips of the type as normal and those of the others as outliers, test clips never', () => {
    const set = buildTrainingSet(dataset, 'fan', config);
    expect(set.machineIds).toEqual(['00', '02']);
    expect(set.normal).toHaveLength(12);
    expect(set.pseudoAnomalous).toHaveLength(12);
    expect(set.anomalous).toHaveLength(0);
    expect(set.clips.every(({ split }) => split === 'train')).toBe(true);
    for (const i of set.normal) {
      expect(set.clips[i]!.machineType).toBe('fan');
      expect(set.machineIds[set.classes[i]!]).toBe(set.clips[i]!.machineId);
    }
    for (const i of set.pseudoAnomalous) {
      expect(set.clips[i]!.machineType).toBe('pump');
      expect(set.classes[i]).toBe(-1);
    }
  });

  it('does not depend on the order of the clips', () => {
    const reversed = { clips: [...dataset.clips].reverse() };
    expect(buildTrainingSet(reversed, 'fan', config)).toEqual(buildTrainingSet(dataset, 'fan', config));
  });

  it('takes anomalies in the training split as known anomalies of the type alone', () => {
    const clips = dataset.clips.map((clip) =>
      clip.path.includes('test/anomaly') && clip.path.endsWith('00000000.wav')
        ? { ...clip, split: 'train' as const }
        : clip,
    );
    const set = buildTrainingSet({ clips }, 'fan', config);
    expect(set.anomalous).toHaveLength(2);
    for (const i of set.anomalous) {
      expect(set.clips[i]).toMatchObject({ machineType: 'fan', label: 'anomaly' });
      expect(set.classes[i]).toBe(-1);
    }
  });

  it('holds a share of each ID out', () => {
    const set = buildTrainingSet(dataset, 'fan', resolveConfig('quick', { validation: { fraction: 0.34 } }));
    expect(set.validationNormal).toHaveLength(4);
    expect(set.validationOutliers).toHaveLength(4);
    expect(set.normal).toHaveLength(8);
    const all = [...set.normal, ...set.validationNormal, ...set.pseudoAnomalous, ...set.validationOutliers];
    expect(new Set(all).size).toBe(24);
  });

  it('has no machine IDs when they are not used', () => {
    const set = buildTrainingSet(dataset, 'fan', resolveConfig('quick', { useMachineIds: false }));
    expect(set.machineIds).toEqual([]);
  });

  it('catches a test clip in the training split', () => {
    const leaked = dataset.clips.find(({ split }) => split === 'test')!;
    const clips = [...dataset.clips, { ...leaked, split: 'train' as const }];
    expect(() => buildTrainingSet({ clips }, 'fan', config)).toThrow(DataLeakError);
  });

  it.each([
    [dataset, 'valve', /machineType must be a type of the dataset \(fan, pump\), got "valve"/],
    [ofType('fan'), 'fan', /at least one machine type beside fan/],
    [
      { clips: dataset.clips.filter((c) => c.split === 'test') },
      'fan',
      /normal training clips of fan, got none/,
    ],
    [{ clips: [] }, 'fan', /it has no clips/],
  ])('says what a data set lacks (%#)', (data, type, message) => {
    expect(() => buildTrainingSet(data, type, config)).toThrow(TrainingDataError);
    expect(() => buildTrainingSet(data, type, config)).toThrow(message);
  });
});
