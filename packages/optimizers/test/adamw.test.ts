import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  customGrad,
  engine,
  fill,
  type GradSaveFunc,
  memory,
  mul,
  type Scalar,
  square,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { AdamW, type AdamWUpdateInput, OneCycleLR, type OneCycleLROptions } from '../src/index';
import golden from './golden/optimizers.json';
import { BACKENDS, useBackend } from './use-backend';

const SHAPES: Record<string, number[]> = golden.shapes;
const NAMES = Object.keys(SHAPES);
const sizeOf = (shape: number[]) => shape.reduce((product, n) => product * n, 1);

/** The formulas of tools/reference/optimizers.py. */
const initialValue = (k: number, i: number) => Math.sin(0.7 * i + k) + 0.3 * Math.cos(1.3 * i);
const gradientValue = (k: number, i: number, step: number) =>
  10 ** -k * (Math.sin(0.9 * i + 0.37 * step + k) + 0.2 * Math.cos(2.1 * step - i));

function makeTensor(name: string, value: (k: number, i: number) => number): Tensor {
  const shape = SHAPES[name] as number[];
  const k = NAMES.indexOf(name);
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => value(k, i)),
    shape,
  );
}

const makeVariables = (): Variable[] =>
  NAMES.map((name) => tidy(() => variable(makeTensor(name, initialValue), true, name)));

function gradients(step: number, skipped: string | null = null): { name: string; tensor: Tensor }[] {
  return NAMES.filter((name) => !(name === skipped && step % 3 === 0)).map((name) => ({
    name,
    tensor: makeTensor(name, (k, i) => gradientValue(k, i, step)),
  }));
}

function update(optimizer: AdamW, step: number, skipped: string | null = null): void {
  tidy(() => optimizer.applyGradients(gradients(step, skipped)));
}

/** sum(x^2) with a gradient of its own: plain tfjs-core has none registered. */
const sumOfSquares = (x: Tensor): Scalar =>
  customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const input = args[0] as Tensor;
    (args[1] as GradSaveFunc)([input]);
    return {
      value: sum(square(input)) as Scalar,
      gradFunc: (dy: Tensor, saved: Tensor[]) => mul(dy, mul(saved[0] as Tensor, 2)),
    };
  })(x) as Scalar;

afterEach(() => engine().disposeVariables());

describe.each(BACKENDS)('AdamW on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.cases)('equals torch.optim.AdamW: $name', (reference) => {
    const variables = makeVariables();
    const optimizer = new AdamW(reference.adamw);
    const schedule = reference.schedule && new OneCycleLR(optimizer, reference.schedule as OneCycleLROptions);
    for (let step = 1; step <= golden.nSteps; step++) {
      expectAllClose(optimizer.learningRate, reference.learningRates[step - 1] as number, {
        rtol: 1e-12,
        atol: 0,
      });
      expectAllClose(optimizer.beta1, reference.beta1s[step - 1] as number, { rtol: 1e-12, atol: 0 });
      update(optimizer, step, reference.skipped);
      schedule?.step();
      const expected = (reference.parameters as Record<string, Record<string, number[]>>)[step];
      for (const v of variables) {
        if (expected) expectAllClose(v.dataSync(), expected[v.name] as number[], golden.tolerance);
      }
    }
    const state = optimizer.getState();
    for (const [name, { step, m, v }] of Object.entries(reference.state)) {
      expect(state.variables[name]?.step).toBe(step);
      expectAllClose(state.variables[name]?.m as Float32Array, m, golden.tolerance);
      expectAllClose(state.variables[name]?.v as Float32Array, v, { rtol: 1e-5, atol: 1e-12 });
    }
    optimizer.dispose();
  });

  test('minimize works and lowers the loss', () => {
    const x = variable(tensor1d([3, -2, 0.5]), true, 'x');
    const optimizer = new AdamW({ learningRate: 0.1, weightDecay: 0 });
    const costs = Array.from({ length: 100 }, () => {
      const cost = optimizer.minimize(() => sumOfSquares(x), true, [x]) as Scalar;
      const value = cost.dataSync()[0] as number;
      cost.dispose();
      return value;
    });
    expect(costs[0]).toBeCloseTo(13.25, 5);
    expect(costs[99]).toBeLessThan(0.05);
    expect(optimizer.iterations).toBe(100);
    optimizer.dispose();
  });

  test('allocates two tensors a variable and frees them; nothing else leaks', () => {
    const before = memory().numTensors;
    makeVariables();
    const withVariables = memory().numTensors;
    const optimizer = new AdamW();
    for (let step = 1; step <= 5; step++) update(optimizer, step);
    expect(memory().numTensors).toBe(withVariables + 2 * NAMES.length);
    optimizer.setState(optimizer.getState());
    expect(memory().numTensors).toBe(withVariables + 2 * NAMES.length);
    optimizer.dispose();
    expect(memory().numTensors).toBe(withVariables);
    engine().disposeVariables();
    expect(memory().numTensors).toBe(before);
  });

  test('assigns fresh tensors and leaves the gradients alone', () => {
    const x = variable(tensor1d([1, 2]), true, 'x');
    const dataId = x.dataId;
    const gradient = tensor1d([0.5, -1]);
    const optimizer = new AdamW();
    optimizer.applyGradients({ x: gradient });
    expect(x.dataId).not.toBe(dataId);
    expect(Array.from(gradient.dataSync())).toEqual([0.5, -1]);
    optimizer.dispose();
    gradient.dispose();
  });

  test.each([0, 1, 7])('a state saved after %i updates continues bit for bit', async (nBefore) => {
    const options = { maxLearningRate: 0.05, totalSteps: 20 };
    const train = (optimizer: AdamW, schedule: OneCycleLR, from: number, to: number) => {
      for (let step = from; step <= to; step++) {
        update(optimizer, step);
        schedule.step();
      }
    };
    const values = () => NAMES.map((name) => Array.from(registered(name).dataSync()));
    makeVariables();
    const first = new AdamW({ weightDecay: 0.1, beta2: 0.95, epsilon: 1e-6 });
    const firstSchedule = new OneCycleLR(first, options);
    train(first, firstSchedule, 1, nBefore);
    const state = structuredClone(first.getState());
    expect(await first.getStateAsync()).toEqual(first.getState());
    const scheduleState = JSON.parse(JSON.stringify(firstSchedule.getState()));
    const parameters = values();
    train(first, firstSchedule, nBefore + 1, 15);
    const uninterrupted = values();
    const finalState = first.getState();
    first.dispose();
    engine().disposeVariables();

    NAMES.forEach((name, i) => {
      tidy(() => variable(tensor(parameters[i] as number[], SHAPES[name] as number[]), true, name));
    });
    const second = new AdamW({ learningRate: 7 });
    const secondSchedule = new OneCycleLR(second, { maxLearningRate: 1, totalSteps: 3 });
    second.setState(state);
    secondSchedule.setState(scheduleState);
    train(second, secondSchedule, nBefore + 1, 15);
    expect(values()).toEqual(uninterrupted);
    expect(second.getState()).toEqual(finalState);
    second.dispose();
  });

  test('later updates leave a saved or restored state as it was', () => {
    makeVariables();
    const optimizer = new AdamW();
    update(optimizer, 1);
    const state = optimizer.getState();
    const copy = structuredClone(state);
    optimizer.setState(state);
    update(optimizer, 2);
    expect(Array.from(state.variables.kernel?.m ?? [])).toEqual(Array.from(copy.variables.kernel?.m ?? [0]));
    optimizer.dispose();
  });
});

const registered = (name: string): Variable => engine().registeredVariables[name] as Variable;

describe('AdamW', () => {
  beforeAll(() => useBackend('cpu'));

  test('the first step by hand', () => {
    // m = 0.1 g, v = 0.001 g^2; both corrections cancel, so the step is lr g / (|g| + eps) = 0.1 sign(g)
    // p = 2 (1 - 0.1 * 0.5) - 0.1 = 1.8 and p = 2 * 0.95 + 0.1 = 2.0
    const x = variable(tensor1d([2, 2]), true, 'x');
    const optimizer = new AdamW({ learningRate: 0.1, weightDecay: 0.5 });
    tidy(() => optimizer.applyGradients({ x: tensor1d([4, -0.01]) }));
    expectAllClose(x.dataSync(), [1.8, 2.0], { rtol: 1e-5, atol: 0 });
    optimizer.dispose();
  });

  test('a zero gradient is no division by zero', () => {
    const x = variable(tensor1d([2, -3]), true, 'x');
    const optimizer = new AdamW({ weightDecay: 0 });
    tidy(() => optimizer.applyGradients({ x: zerosLike(x) }));
    expect(Array.from(x.dataSync())).toEqual([2, -3]);
    optimizer.dispose();
  });

  test('defaults are those of PyTorch, and fromConfig rebuilds it', () => {
    const defaults = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
    expect(new AdamW().getConfig()).toEqual(defaults);
    const config = { ...defaults, weightDecay: 0.5, beta2: 0.9 };
    expect(AdamW.fromConfig(AdamW, config).getConfig()).toEqual(config);
    expect(AdamW.className).toBe('AdamW');
  });

  test('an updateKernel gets everything it needs and its output is used', () => {
    const inputs: AdamWUpdateInput[] = [];
    const x = variable(tensor1d([1, 2]), true, 'x');
    const optimizer = new AdamW({
      learningRate: 0.5,
      weightDecay: 0.25,
      updateKernel: (input) => {
        inputs.push(input);
        return { parameter: fill([2], input.step), m: fill([2], 10), v: fill([2], 20) };
      },
    });
    tidy(() => optimizer.applyGradients({ x: tensor1d([1, 1]) }));
    optimizer.beta1 = 0.8;
    tidy(() => optimizer.applyGradients({ x: tensor1d([1, 1]) }));
    expect(inputs[1]).toMatchObject({
      learningRate: 0.5,
      beta1: 0.8,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0.25,
      step: 2,
    });
    expect(Array.from(x.dataSync())).toEqual([2, 2]);
    expect(Array.from(optimizer.getState().variables.x?.v ?? [])).toEqual([20, 20]);
    optimizer.dispose();
  });

  test('an updateKernel that hands back an input is refused', () => {
    variable(tensor1d([1, 2]), true, 'x');
    const optimizer = new AdamW({
      updateKernel: ({ parameter, m, v }) => ({ parameter, m: zerosLike(m), v: zerosLike(v) }),
    });
    expect(() => tidy(() => optimizer.applyGradients({ x: tensor1d([1, 1]) }))).toThrow(
      "updateKernel must return fresh tensors, got an input's memory for 'parameter'",
    );
  });

  test.each([
    [{ learningRate: -1 }, 'learningRate must be a finite number of at least 0, got -1'],
    [{ learningRate: Number.NaN }, 'learningRate must be a finite number of at least 0, got NaN'],
    [{ beta1: 1 }, 'beta1 must be a number in [0, 1), got 1'],
    [{ beta2: -0.1 }, 'beta2 must be a number in [0, 1), got -0.1'],
    [{ epsilon: 0 }, 'epsilon must be a finite number above 0, got 0'],
    [
      { weightDecay: Number.POSITIVE_INFINITY },
      'weightDecay must be a finite number of at least 0, got Infinity',
    ],
    [{ beta1: '0.9' as unknown as number }, "beta1 must be a number in [0, 1), got '0.9'"],
  ])('refuses %p', (options, message) => {
    expect(() => new AdamW(options)).toThrow(`optimizers.AdamW: ${message}`);
  });

  test('the settable properties are checked too', () => {
    const optimizer = new AdamW();
    expect(() => {
      optimizer.learningRate = Number.NaN;
    }).toThrow(RangeError);
    expect(() => {
      optimizer.beta1 = 1.5;
    }).toThrow(RangeError);
  });

  test('wrong gradients are refused before any variable changes', () => {
    const x = variable(tensor1d([1, 2]), true, 'x');
    const optimizer = new AdamW();
    tidy(() => {
      const good = tensor1d([1, 1]);
      expect(() => optimizer.applyGradients({ x: good, nobody: good })).toThrow("got 'nobody'");
      expect(() => optimizer.applyGradients({ x: tensor1d([1, 1, 1]) })).toThrow(
        "gradient of 'x' must have shape [2], got [3]",
      );
    });
    expect(Array.from(x.dataSync())).toEqual([1, 2]);
    expect(optimizer.iterations).toBe(0);
  });

  test('setState names what does not fit and changes nothing', () => {
    makeVariables();
    const optimizer = new AdamW();
    update(optimizer, 1);
    const state = optimizer.getState();
    const bias = state.variables.bias!;
    const withBias = (entry: object) => ({
      ...state,
      variables: { ...state.variables, bias: { ...bias, ...entry } },
    });
    const stranger = { ...state, variables: { ...state.variables, stranger: bias } };
    const cases: [unknown, string][] = [
      [stranger, "must name existing variables, got 'stranger'"],
      [withBias({ shape: [1, 5] }), "shape of 'bias' must be [5] as the variable's, got [1, 5]"],
      [withBias({ m: new Float32Array(4) }), "m of 'bias' must have 5 values, got 4"],
      [withBias({ v: [0, 0, 0, 0, 0] }), "v of 'bias' must be a Float32Array"],
      [
        withBias({ v: new Float32Array([0, -1, 0, 0, 0]) }),
        'values that are finite and at least 0, got -1 at index 1',
      ],
      [withBias({ m: new Float32Array([0, 0, Number.NaN, 0, 0]) }), 'got NaN at index 2'],
      [withBias({ step: 1.5 }), "step of 'bias' must be a whole number"],
      [{ ...state, beta1: 2 }, 'beta1 must be a number in [0, 1), got 2'],
      [{ ...state, variables: undefined }, 'state.variables must be an object'],
      [null, 'state must be what getState returned, got null'],
    ];
    for (const [wrong, message] of cases) {
      expect(() => optimizer.setState(wrong as typeof state)).toThrow(message);
    }
    expect(optimizer.getState()).toEqual(state);
    optimizer.dispose();
  });

  test('a restored state has to cover every variable, unless allowMissing', () => {
    makeVariables();
    const optimizer = new AdamW();
    update(optimizer, 1);
    const state = optimizer.getState();
    delete state.variables.bias;
    optimizer.setState(state);
    expect(() => update(optimizer, 2)).toThrow("must name variables of the restored state, got 'bias'");
    optimizer.setState(state, { allowMissing: true });
    update(optimizer, 2);
    expect(optimizer.getState().variables.bias?.step).toBe(1);
    expect(optimizer.getState().variables.kernel?.step).toBe(2);
    optimizer.dispose();
  });

  test('an empty state rewinds to the beginning', () => {
    makeVariables();
    const optimizer = new AdamW();
    const empty = optimizer.getState();
    update(optimizer, 1);
    optimizer.setState(empty);
    expect(optimizer.iterations).toBe(0);
    update(optimizer, 1);
    expect(optimizer.getState().variables.kernel?.step).toBe(1);
    optimizer.dispose();
  });
});
