import { PRESETS, resolveConfig } from '../src';

describe('resolveConfig', () => {
  it('gives the quick preset by default', () => {
    expect(resolveConfig()).toEqual(PRESETS.quick);
  });

  it('holds the constants of the paper', () => {
    const { frontEnd, network, loss, mixup, batch, optimization, detector, decision } = PRESETS.paper;
    expect(frontEnd).toMatchObject({
      nFft: 2048,
      hopLength: 256,
      nMels: 224,
      fMin: 50,
      fMax: 7800,
      power: 1,
    });
    expect(frontEnd).toMatchObject({ sampleRate: 16000, chunkSeconds: 2, nChunks: 'auto' });
    expect(network).toEqual({ embeddingSize: 128, dropoutRate: 0.3 });
    expect(loss).toEqual({ alpha: 10, useTypeLoss: true, idLoss: 'bce', normalization: 'normals' });
    expect(mixup).toEqual({ beta: 0.2, schedule: 'always' });
    expect(batch).toMatchObject({ nNormal: 64, nOutliers: 64, nAnomalous: 1, skipEverySecondGroup: false });
    expect(optimization).toMatchObject({
      nEpochs: 100,
      maxLearningRate: 1e-3,
      weightDecay: 0,
      pctStart: 0.3,
    });
    expect(detector).toMatchObject({
      nComponents: 2,
      covarianceType: 'full',
      regCovar: 1e-6,
      fitOn: 'train',
    });
    expect(decision.aggregation).toBe('upperHalfMean');
  });

  it('has every known difference of the published code in the reference preset', () => {
    const { loss, mixup, batch, validation, detector, decision } = PRESETS.reference;
    expect(loss.normalization).toBe('reference');
    expect(mixup.schedule).toBe('cosine');
    expect(batch.skipEverySecondGroup).toBe(true);
    expect(validation).toEqual({ fraction: 0.15, everyEpochs: 5, selection: 'last' });
    expect(detector.fitOn).toBe('validation');
    expect(decision.aggregation).toBe('lowerHalfMean');
  });

  it('takes a whole configuration, which names its preset', () => {
    const changed = { ...structuredClone(PRESETS.paper), seed: 3 };
    expect(resolveConfig(undefined, changed)).toEqual(changed);
  });

  it('merges overrides field by field and leaves the preset alone', () => {
    const config = resolveConfig('paper', { seed: 7, loss: { alpha: 5 } });
    expect(config.seed).toBe(7);
    expect(config.loss).toEqual({ ...PRESETS.paper.loss, alpha: 5 });
    expect(PRESETS.paper.loss.alpha).toBe(10);
  });

  it.each([
    ['fast', {}, /preset must be one of paper, reference, quick, got "fast"/],
    ['quick', { seed: -1 }, /config.seed must be an integer >= 0, got -1/],
    ['quick', { loss: { alpha: Number.NaN } }, /config.loss.alpha must be a finite number >= 0/],
    ['quick', { loss: { beta: 1 } }, /config.loss.beta must be a known field, one of loss.alpha/],
    ['quick', { epochs: 3 }, /config.epochs must be a known field/],
    ['quick', { frontEnd: { nFft: 1000 } }, /config.frontEnd.nFft must be a power of two/],
    ['quick', { frontEnd: { fMax: 9000 } }, /config.frontEnd.fMax must be at most half/],
    ['quick', { detector: { fitOn: 'validation' } }, /config.detector.fitOn must be 'train'/],
    [
      'quick',
      { validation: { selection: 'first' } },
      /config.validation.selection must be 'last', 'best' with/,
    ],
    ['quick', { validation: { selection: 'best' } }, /config.validation.selection must be .* got "best"/],
    ['quick', { validation: { selection: 41 } }, /an epoch from 1 to optimization.nEpochs, got 41/],
    ['quick', { validation: { selection: 0 } }, /config.validation.selection must be .* got 0/],
    ['quick', { validation: { selection: 1.5 } }, /config.validation.selection must be .* got 1.5/],
    ['quick', { loss: { useTypeLoss: false, alpha: 0 } }, /config.loss.useTypeLoss must be true/],
    ['quick', { batch: { nAnomalous: 99 } }, /config.batch.nAnomalous must be/],
    ['quick', { loss: 3 }, /config.loss must be an object, got 3/],
    ['quick', { preset: 'paper' }, /config.preset must be 'quick' as the preset asked for, got "paper"/],
    [undefined, { preset: 'none' }, /preset must be one of paper, reference, quick, got "none"/],
    ['quick', null, /overrides must be an object/],
  ])('refuses %s %j', (preset, overrides, message) => {
    expect(() => resolveConfig(preset as 'quick', overrides as object)).toThrow(message);
  });
});
