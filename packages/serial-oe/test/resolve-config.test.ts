import { describeConfig, PRESETS, resolveConfig, type SerialOeConfigOverrides } from '../src';

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
    expect(network).toEqual({ embeddingSize: 128, dropoutRate: 0.3, typeHeadStart: 'random' });
    expect(loss).toMatchObject({ alpha: 10, useTypeLoss: true, idLoss: 'bce', normalization: 'normals' });
    expect(mixup).toEqual({ beta: 0.2, schedule: 'always' });
    expect(batch).toMatchObject({ nNormal: 64, nOutliers: 64, nAnomalous: 1, skipEverySecondGroup: false });
    expect(optimization).toMatchObject({
      nEpochs: 100,
      maxLearningRate: 1e-3,
      weightDecay: 0,
      pctStart: 0.3,
      scheduleLength: 'training',
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
    const { loss, mixup, batch, optimization, validation, detector, decision } = PRESETS.reference;
    expect(loss.normalization).toBe('reference');
    expect(mixup.schedule).toBe('cosine');
    expect(batch.skipEverySecondGroup).toBe(true);
    expect(optimization.scheduleLength).toBe('twice');
    expect(validation).toEqual({ fraction: 1 / 6, everyEpochs: 5, selection: 'last' });
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
    ['fast', {}, /preset must be one of 'paper', 'reference', 'quick', got 'fast'/],
    ['quick', { seed: -1 }, /config.seed must be a whole number of at least 0, got -1/],
    [
      'quick',
      { loss: { alpha: Number.NaN } },
      /config.loss.alpha must be a finite number of at least 0, got NaN/,
    ],
    [
      'quick',
      { frontEnd: { nFft: 1000 } },
      /config.frontEnd.nFft must be a power of two of at least 2, got 1000/,
    ],
    [
      'quick',
      { frontEnd: { fMax: 9000 } },
      /config.frontEnd.fMax must be a number of at most half of frontEnd.sampleRate, got 9000/,
    ],
    ['paper', { detector: { fitOn: 'validation' } }, /config.detector.fitOn must be 'train' or 'all'/],
    [
      'quick',
      { validation: { selection: 'first' } },
      /config.validation.selection must be 'last', 'best' with/,
    ],
    ['paper', { validation: { selection: 'best' } }, /config.validation.selection must be .* got 'best'/],
    ['quick', { validation: { selection: 41 } }, /an epoch from 1 to optimization.nEpochs, got 41/],
    ['quick', { validation: { selection: 0 } }, /config.validation.selection must be .* got 0/],
    ['quick', { validation: { selection: 1.5 } }, /config.validation.selection must be .* got 1.5/],
    ['quick', { loss: { useTypeLoss: false, alpha: 0 } }, /config.loss.useTypeLoss must be true/],
    [
      'quick',
      { batch: { nAnomalous: 99 } },
      /config.batch.nAnomalous must be a whole number from 0 to batch.nOutliers, got 99/,
    ],
    ['quick', { loss: 3 }, /config.loss must be an object, got 3/],
    ['quick', { preset: 'paper' }, /config.preset must be 'quick' as the preset asked for, got 'paper'/],
    [undefined, { preset: 'none' }, /preset must be one of 'paper', 'reference', 'quick', got 'none'/],
    [
      'quick',
      { frontEnd: { winLength: 4096 } },
      /winLength must be a whole number from 1 to frontEnd.nFft, got 4096/,
    ],
    [
      'quick',
      { frontEnd: { fMin: 7800 } },
      /fMin must be a number of at least 0 and below frontEnd.fMax, got 7800/,
    ],
    ['quick', { frontEnd: { log: 'ln' } }, /log must be null, 'natural', 'log10' or 'dB', got 'ln'/],
    ['quick', { useMachineIds: 1 }, /config.useMachineIds must be true or false, got 1/],
    ['quick', { loss: { idLoss: 'mse' } }, /idLoss must be one of 'bce', .*'subClusterAdaCos', got 'mse'/],
    [
      'quick',
      { decision: { aggregation: { upperQuantileMean: 2 } } },
      /decision.aggregation must be 'upperHalfMean'/,
    ],
    ['quick', { decision: { aggregation: { q: 0.5 } } }, /decision.aggregation must be 'upperHalfMean'/],
    [
      'quick',
      { useMachineIds: false, loss: { useTypeLoss: false } },
      /useTypeLoss must be true, or false with/,
    ],
    ['quick', null, /overrides must be an object, got null/],
    ['quick', [], /overrides must be an object, got \[\]/],
  ])('refuses %s %j', (preset, overrides, message) => {
    expect(() => resolveConfig(preset as 'quick', overrides as object)).toThrow(message);
  });
});

describe('a field that there is not', () => {
  it.each([
    [
      { optimization: { epochs: 5 } },
      'config.optimization.epochs is unknown. Did you mean optimization.nEpochs?',
    ],
    [{ frontEnd: { n_mels: 64 } }, 'config.frontEnd.n_mels is unknown. Did you mean frontEnd.nMels?'],
    [{ optimisation: { nEpochs: 5 } }, 'config.optimisation is unknown. Did you mean optimization?'],
    [{ sead: 5 }, 'config.sead is unknown. Did you mean seed?'],
    [{ nMels: 64 }, 'config.nMels is unknown. Did you mean frontEnd.nMels?'],
    [{ epochs: 3 }, 'config.epochs is unknown. Did you mean optimization.nEpochs?'],
    [{ loss: { beta: 1 } }, 'config.loss.beta is unknown. Did you mean mixup.beta?'],
    [{ optimization: { beta: 1 } }, 'config.optimization.beta is unknown. Did you mean optimization.beta2?'],
    [{ mixup: { shape: 1 } }, 'config.mixup.shape is unknown. There are mixup.beta, mixup.schedule.'],
    [{ constructor: 1 }, 'config.constructor is unknown. There are preset, seed, useMachineIds, frontEnd,'],
    [JSON.parse('{ "__proto__": { "seed": 3 } }'), 'config.__proto__ is unknown.'],
  ])('%j is told with the one that was meant', (overrides, message) => {
    const resolve = () => resolveConfig('quick', overrides);
    expect(resolve).toThrow(RangeError);
    expect(resolve).toThrow(`serial-oe.resolveConfig: ${message}`);
  });
});

it.each([
  [{ seed: '1' }, RangeError],
  [{ loss: [] }, TypeError],
  [{ loss: null }, TypeError],
])('%j is an error of its class', (overrides, errorClass) => {
  expect(() => resolveConfig('quick', overrides as object)).toThrow(errorClass);
});

it('takes an aggregation with a parameter, and values that are undefined for none', () => {
  const aggregation = { upperQuantileMean: 0.7 };
  const config = resolveConfig('quick', {
    seed: undefined,
    decision: { aggregation, falseAlarmRate: undefined },
  } as SerialOeConfigOverrides);
  expect(config).toEqual({ ...PRESETS.quick, decision: { ...PRESETS.quick.decision, aggregation } });
});

describe('describeConfig', () => {
  const fields = describeConfig();
  const field = (path: string) => fields.find((each) => each.path === path);

  it('has every field of every preset, in their order', () => {
    for (const preset of ['paper', 'reference', 'quick'] as const) {
      const leaves = Object.entries(PRESETS[preset]).flatMap(([name, value]) =>
        typeof value === 'object'
          ? Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner])
          : [[name, value]],
      );
      expect(fields.map(({ path, defaults }) => [path, defaults[preset]])).toEqual(leaves);
    }
  });

  it('says what a field takes and what it is for', () => {
    expect(field('frontEnd.nMels')).toEqual({
      path: 'frontEnd.nMels',
      type: 'a whole number of at least 1',
      help: 'Mel bands.',
      defaults: { paper: 224, reference: 224, quick: 128 },
    });
    expect(field('mixup.schedule')?.type).toBe("one of 'always', 'cosine', 'never'");
    for (const { help, type } of fields) {
      expect(help).toMatch(/\.$/);
      expect(type).not.toBe('');
    }
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
  });
});
