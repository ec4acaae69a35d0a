import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { AdamW, OneCycleLR, type OneCycleLROptions } from '../src/index';
import golden from './golden/optimizers.json';

describe('OneCycleLR', () => {
  test.each(golden.schedules)('equals torch.optim.lr_scheduler.OneCycleLR: $options', (reference) => {
    const options = reference.options as OneCycleLROptions;
    const optimizer = { learningRate: 0.1, beta1: 0.9 };
    const schedule = new OneCycleLR(optimizer, options);
    const learningRates = [optimizer.learningRate];
    const beta1s = [optimizer.beta1];
    for (let step = 1; step <= options.totalSteps; step++) {
      schedule.step();
      expect(schedule.learningRate).toBe(optimizer.learningRate);
      expect(schedule.beta1).toBe(optimizer.beta1);
      learningRates.push(optimizer.learningRate);
      beta1s.push(optimizer.beta1);
    }
    // The value after the last update is the one place where a linear fall differs: PyTorch runs past its end.
    const nCompared = options.annealStrategy === 'linear' ? options.totalSteps : options.totalSteps + 1;
    const compared = (values: number[]) => values.slice(0, nCompared);
    expectAllClose(compared(learningRates), compared(reference.learningRates), golden.scheduleTolerance);
    expectAllClose(compared(beta1s), compared(reference.beta1s), golden.scheduleTolerance);
    expect(() => schedule.step()).toThrow(RangeError);
  });

  test.each(golden.stopped)(
    'of a training that ends half-way equals PyTorch: $nSteps of $options',
    (reference) => {
      const optimizer = { learningRate: 0.1, beta1: 0.9 };
      const schedule = new OneCycleLR(optimizer, reference.options);
      for (let step = 1; step < reference.nSteps; step++) schedule.step();
      expectAllClose(optimizer.learningRate, reference.learningRate, golden.scheduleTolerance);
      expectAllClose(optimizer.beta1, reference.beta1, golden.scheduleTolerance);
      // As the figures of the published Serial-OE: never annealed.
      expect((optimizer.learningRate / reference.options.maxLearningRate).toFixed(2)).toBe('0.80');
      expect(optimizer.beta1.toFixed(3)).toBe('0.870');
    },
  );

  test('a linear fall ends at the last learning rate and stays there', () => {
    const optimizer = { learningRate: 1, beta1: 0.9 };
    const schedule = new OneCycleLR(optimizer, {
      maxLearningRate: 1,
      totalSteps: 10,
      annealStrategy: 'linear',
    });
    for (let step = 1; step <= 9; step++) schedule.step();
    expectAllClose(optimizer.learningRate, 1 / 25 / 1e4, { rtol: 1e-9, atol: 0 });
    schedule.step();
    expectAllClose(optimizer.learningRate, 1 / 25 / 1e4, { rtol: 1e-9, atol: 0 });
    expectAllClose(optimizer.beta1, 0.95, { rtol: 1e-12, atol: 0 });
  });

  test('a phase without length counts as done', () => {
    const optimizer = { learningRate: 1, beta1: 0.9 };
    const schedule = new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 10, pctStart: 0.1 });
    expect(optimizer).toEqual({ learningRate: 1, beta1: 0.85 });
    schedule.step();
    expect(schedule.learningRate).toBeLessThan(1);
    const single = new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 1, pctStart: 1 });
    expect(single.learningRate).toBe(1);
  });

  test('without cycleMomentum beta1 stays and need not exist', () => {
    const optimizer: { learningRate: number; beta1?: number } = { learningRate: 1 };
    const schedule = new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 10, cycleMomentum: false });
    schedule.step();
    expect(optimizer.beta1).toBeUndefined();
    expect(() => new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 10 })).toThrow(
      'optimizer must have a numeric beta1 when cycleMomentum is true',
    );
  });

  test('a state restored into another schedule goes on in the same way', () => {
    const options: OneCycleLROptions = {
      maxLearningRate: 0.1,
      totalSteps: 20,
      pctStart: 0.4,
      divFactor: 10,
      annealStrategy: 'linear',
    };
    const first = new AdamW();
    const schedule = new OneCycleLR(first, options);
    for (let step = 0; step < 12; step++) schedule.step();
    const second = new AdamW();
    const restored = new OneCycleLR(second, { maxLearningRate: 5, totalSteps: 2 });
    restored.setState(JSON.parse(JSON.stringify(schedule.getState())));
    for (let step = 12; step < 20; step++) {
      expect([second.learningRate, second.beta1]).toEqual([first.learningRate, first.beta1]);
      schedule.step();
      restored.step();
    }
    expect(restored.stepCount).toBe(20);
    expect(restored.totalSteps).toBe(20);
    expect(() => restored.step()).toThrow('calls must be at most totalSteps = 20, got call 21');
  });

  test.each([
    [{ maxLearningRate: 0 }, 'maxLearningRate must be a finite number above 0, got 0'],
    [{ totalSteps: 0 }, 'totalSteps must be a whole number of at least 1, got 0'],
    [{ totalSteps: 2.5 }, 'totalSteps must be a whole number of at least 1, got 2.5'],
    [{ pctStart: 1.1 }, 'pctStart must be a number from 0 to 1, got 1.1'],
    [{ divFactor: 0 }, 'divFactor must be a finite number above 0, got 0'],
    [{ finalDivFactor: Number.NaN }, 'finalDivFactor must be a finite number above 0, got NaN'],
    [{ baseMomentum: 0.99 }, 'baseMomentum (maxMomentum is 0.95) must be a number from 0 to 0.95, got 0.99'],
    [{ maxMomentum: 1 }, 'maxMomentum must be a number in [0, 1), got 1'],
    [{ annealStrategy: 'cosine' as 'cos' }, "annealStrategy must be one of 'cos', 'linear', got 'cosine'"],
    [{ cycleMomentum: 1 as unknown as boolean }, 'cycleMomentum must be a boolean, got 1'],
  ])('refuses %p', (options, message) => {
    const make = () => new OneCycleLR(new AdamW(), { maxLearningRate: 1, totalSteps: 10, ...options });
    expect(make).toThrow(`optimizers.OneCycleLR: ${message}`);
  });

  test('refuses what is no optimizer, and a state beyond the cycle', () => {
    expect(() => new OneCycleLR({} as AdamW, { maxLearningRate: 1, totalSteps: 1 })).toThrow(TypeError);
    const schedule = new OneCycleLR(new AdamW(), { maxLearningRate: 1, totalSteps: 10 });
    expect(() => schedule.setState({ ...schedule.getState(), stepCount: 11 })).toThrow(
      'stepCount (totalSteps is 10) must be a whole number from 0 to 10, got 11',
    );
  });
});
