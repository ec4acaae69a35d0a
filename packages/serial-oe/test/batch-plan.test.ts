import { mixupProbability } from '@serial-oe/losses-mixup';
import { resolveConfig, type SerialOeConfigOverrides, withReferenceDifferences } from '../src';
import { buildTrainingSet } from '../src/data/training-set';
import { countSteps, planEpoch, scheduledSteps, stepsAnEpoch } from '../src/training/batch-plan';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const dataset = tinyDataset();
const withConfig = (overrides: SerialOeConfigOverrides = {}) => {
  const config = resolveConfig('quick', { ...TINY_CONFIG, ...overrides });
  return { config, set: buildTrainingSet(dataset, 'fan', config) };
};

describe('planEpoch', () => {
  it('shows every normal clip once an epoch, with as many outliers', () => {
    const { config, set } = withConfig();
    const plans = planEpoch(set, config, 0);
    expect(plans).toHaveLength(countSteps(set, config));
    const normal = plans.flatMap(({ clips, y }) => Array.from(clips).filter((_, i) => y[i] === 1));
    expect(normal.sort((a, b) => a - b)).toEqual(Array.from(set.normal));
    for (const { clips, y, classes, starts, mixup } of plans) {
      expect(clips).toHaveLength(8);
      expect(Array.from(y)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
      clips.forEach((clip, i) => {
        expect(classes[i]).toBe(set.classes[clip]);
      });
      expect(starts.every((u) => u >= 0 && u < 1)).toBe(true);
      expect(mixup).not.toBeNull();
    }
  });

  it('depends on seed and epoch alone', () => {
    const { config, set } = withConfig();
    expect(planEpoch(set, config, 3)).toEqual(planEpoch(set, config, 3));
    expect(planEpoch(set, config, 3)).not.toEqual(planEpoch(set, config, 4));
    const other = withConfig({ seed: 1 });
    expect(planEpoch(other.set, other.config, 3)).not.toEqual(planEpoch(set, config, 3));
  });

  it('draws one known anomaly a batch where there are any', () => {
    const clips = dataset.clips.map((clip) =>
      clip.path === 'fan/test/anomaly_id_00_00000000.wav' ? { ...clip, split: 'train' as const } : clip,
    );
    const config = resolveConfig('quick', TINY_CONFIG);
    const set = buildTrainingSet({ clips }, 'fan', config);
    for (const plan of planEpoch(set, config, 0)) {
      expect(Array.from(plan.clips).filter((clip) => set.anomalous.includes(clip))).toHaveLength(1);
      expect(plan.clips).toHaveLength(8);
    }
  });

  it('leaves every second batch out where the reference does', () => {
    const { config, set } = withConfig({ batch: { nNormal: 4, nOutliers: 4, skipEverySecondGroup: true } });
    expect(countSteps(set, config)).toBe(2);
    expect(planEpoch(set, config, 0)).toHaveLength(2);
  });

  it('ends the published training half-way through its schedule, as 4,000 of 7,900 steps', () => {
    const reference = resolveConfig('reference');
    const { nEpochs } = reference.optimization;
    expect(nEpochs * stepsAnEpoch(5000, reference.batch)).toBe(4000);
    expect(nEpochs * scheduledSteps(5000, reference)).toBe(7900);
    const paper = resolveConfig('paper');
    expect(scheduledSteps(5000, paper)).toBe(stepsAnEpoch(5000, paper.batch));
    const alone = withReferenceDifferences(paper, ['unfinished-schedule']);
    expect(scheduledSteps(5000, alone)).toBe(2 * stepsAnEpoch(5000, alone.batch));
  });

  it('has a schedule that is never shorter than the training', () => {
    const { batch, optimization } = resolveConfig('reference');
    for (const skipEverySecondGroup of [true, false]) {
      const config = { optimization, batch: { ...batch, nNormal: 4, skipEverySecondGroup } };
      for (let n = 1; n < 30; n++)
        expect(scheduledSteps(n, config)).toBeGreaterThanOrEqual(stepsAnEpoch(n, config.batch));
    }
  });

  it('mixes hardly ever in the first epoch of the published training', () => {
    const probabilities = Array.from({ length: 40 }, (_, step) => mixupProbability(step, 4000, 'cosine'));
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeLessThan(0.02);
    expect(mixupProbability(2000, 4000, 'cosine')).toBe(1);
  });

  it.each([
    ['never', 0],
    ['always', 60],
  ] as const)('mixes %s', (schedule, nMixed) => {
    const { config, set } = withConfig({ mixup: { schedule }, optimization: { nEpochs: 20 } });
    const plans = Array.from({ length: 20 }, (_, epoch) => planEpoch(set, config, epoch)).flat();
    expect(plans.filter(({ mixup }) => mixup !== null)).toHaveLength(nMixed);
  });

  it('mixes more and more under the cosine schedule, and always in the second half', () => {
    const { config, set } = withConfig({ mixup: { schedule: 'cosine' }, optimization: { nEpochs: 20 } });
    const isMixed = Array.from({ length: 20 }, (_, epoch) => planEpoch(set, config, epoch))
      .flat()
      .map(({ mixup }) => mixup !== null);
    expect(isMixed.slice(30).every(Boolean)).toBe(true);
    expect(isMixed.slice(0, 6).filter(Boolean).length).toBeLessThan(3);
  });
});
