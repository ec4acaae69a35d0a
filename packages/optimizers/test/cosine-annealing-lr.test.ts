import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { CosineAnnealingLR } from '../src/index';
import golden from './golden/cosine-annealing.json';

describe('CosineAnnealingLR', () => {
  test.each(golden.cases)('equals torch.optim.lr_scheduler.CosineAnnealingLR: $options', (reference) => {
    const optimizer = { learningRate: 1 };
    const schedule = new CosineAnnealingLR(optimizer, reference.options);
    const rates = reference.learningRates.map(() => {
      const { learningRate } = optimizer;
      expect(schedule.learningRate).toBe(learningRate);
      schedule.step();
      return learningRate;
    });
    expectAllClose(rates, reference.learningRates, golden.tolerance);
  });

  test('goes on from its state', () => {
    const options = { learningRate: 1e-3, tMax: 10, startEpoch: 1, stepsPerEpoch: 2 };
    const [whole, part] = [{ learningRate: 1 }, { learningRate: 1 }];
    const schedule = new CosineAnnealingLR(whole, options);
    for (let i = 0; i < 7; i++) schedule.step();
    const other = new CosineAnnealingLR(part, { learningRate: 5, tMax: 3 });
    other.setState(JSON.parse(JSON.stringify(schedule.getState())));
    expect(other.stepCount).toBe(7);
    for (const each of [schedule, other]) for (let i = 0; i < 4; i++) each.step();
    expect(part).toEqual(whole);
  });

  test.each([
    [{ learningRate: 0, tMax: 3 }, /learningRate must be a finite number above 0/],
    [{ learningRate: 1, tMax: 0 }, /tMax must be a whole number of at least 1/],
    [{ learningRate: 1, tMax: 3, etaMin: -1 }, /etaMin must be a finite number of at least 0/],
    [{ learningRate: 1, tMax: 3, startEpoch: 0.5 }, /startEpoch must be a whole number/],
    [{ learningRate: 1, tMax: 3, stepsPerEpoch: 0 }, /stepsPerEpoch must be a whole number/],
    [{ learningRate: 1, tmax: 3 }, /unknown option .tmax.*tMax/],
  ])('refuses %j', (options, message) => {
    expect(() => new CosineAnnealingLR({ learningRate: 1 }, options as never)).toThrow(message);
  });

  test('refuses an optimizer without a rate, and a state that is none', () => {
    expect(() => new CosineAnnealingLR({} as never, { learningRate: 1, tMax: 2 })).toThrow(/numeric/);
    const schedule = new CosineAnnealingLR({ learningRate: 1 }, { learningRate: 1, tMax: 2 });
    expect(() => schedule.setState({ ...schedule.getState(), stepCount: -1 })).toThrow(/stepCount/);
  });
});
