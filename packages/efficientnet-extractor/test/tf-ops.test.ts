import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  grads,
  memory,
  setBackend,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { createTfOps } from '../src/index';

const ops = createTfOps();

function values(name: string, shape: readonly number[]): Float32Array {
  return Float32Array.from(
    formulaValues(
      name,
      shape.reduce((product, size) => product * size, 1),
    ),
  );
}

interface GradientCase {
  shapes: number[][];
  f: (...inputs: Tensor[]) => Tensor;
  /** Half the width of the difference: wide where f is linear in each input, narrow elsewhere. */
  step: number;
  atol: number;
}

/** Compares the gradients of sum(f dy) with central differences in every element of every input. */
function expectGradients({ shapes, f, step, atol }: GradientCase): void {
  const arrays = shapes.map((shape, i) => values(`input.${i}`, shape));
  const run = (data: Float32Array[]) =>
    tidy(() =>
      f(...data.map((array, i) => tensor(array.slice(), shapes[i]!)))
        .dataSync()
        .slice(),
    );
  const dyValues = values('dy', [run(arrays).length]);
  const project = (data: Float32Array[]) => {
    const y = run(data);
    return dyValues.reduce((total, dy, i) => total + dy * y[i]!, 0);
  };

  const inputs = arrays.map((array, i) => tensor(array.slice(), shapes[i]!));
  const outShape = tidy(() => f(...inputs).shape);
  const dy = tensor(dyValues.slice(), outShape);
  const nTensors = memory().numTensors;
  const gradients = grads((...args: Tensor[]) => f(...args))(inputs, dy);
  expect(memory().numTensors).toBe(nTensors + inputs.length);
  expect(dy.isDisposed).toBe(false);

  arrays.forEach((array, i) => {
    const numerical = array.map((value, j) => {
      const shifted = (by: number) => {
        const copy = array.slice();
        copy[j] = value + by;
        return project(arrays.map((other, k) => (k === i ? copy : other)));
      };
      return (shifted(step) - shifted(-step)) / (2 * step);
    });
    expect(gradients[i]!.shape).toEqual(shapes[i]);
    expectAllClose(gradients[i]!.dataSync(), numerical, { rtol: 1e-3, atol });
  });
  for (const each of [...gradients, ...inputs, dy]) each.dispose();
  expect(memory().numTensors).toBe(nTensors - inputs.length - 1);
}

const LINEAR = { step: 0.5, atol: 1e-4 };
const CURVED = { step: 1e-2, atol: 2e-3 };

describe.each(['wasm', 'cpu'])('gradients of the operations on the %s backend', (backend) => {
  beforeAll(() => setBackend(backend));

  it.each([
    [1, [2, 5, 4, 2]],
    [2, [2, 5, 4, 2]],
    [2, [1, 6, 7, 1]],
  ])('conv2d, stride %i, input %j', (stride, shape) => {
    expectGradients({
      shapes: [shape, [3, 3, shape[3]!, 3]],
      f: (x, w) => ops.conv2d(x as Tensor4D, w as Tensor4D, { stride }),
      ...LINEAR,
    });
  });

  const paddings = [
    'valid',
    [
      [1, 1],
      [1, 1],
    ],
    [
      [2, 0],
      [0, 3],
    ],
  ] as const;
  const kernels = [
    [3, 3, 2],
    [2, 1, 3],
    [3, 3, 4],
  ] as const; // below and above 32 values under the window
  const cases = paddings.flatMap((padding) => [1, 2].map((stride) => ({ padding, stride })));

  it.each(cases)('conv2d and depthwiseConv2d, padding $padding, stride $stride', ({ padding, stride }) => {
    for (const [height, width, nIn] of kernels) {
      expectGradients({
        shapes: [
          [2, 6, 5, nIn],
          [height, width, nIn, 2],
        ],
        f: (x, w) => ops.conv2d(x as Tensor4D, w as Tensor4D, { stride, padding }),
        ...LINEAR,
      });
      expectGradients({
        shapes: [
          [2, 6, 5, nIn],
          [height, width, nIn, 1],
        ],
        f: (x, w) => ops.depthwiseConv2d(x as Tensor4D, w as Tensor4D, { stride, padding }),
        ...LINEAR,
      });
    }
  });

  it('conv2d gives no gradient to the input of the network', () => {
    tidy(() => {
      const x = tensor(values('x', [1, 4, 4, 1]), [1, 4, 4, 1]);
      const w = tensor(values('w', [3, 3, 1, 2]), [3, 3, 1, 2]);
      const f = (a: Tensor, b: Tensor) =>
        ops.conv2d(a as Tensor4D, b as Tensor4D, { stride: 2, isInput: true });
      const [dx, dw] = grads(f)([x, w]);
      expect([...dx!.dataSync()].every((value) => value === 0)).toBe(true);
      expect([...dw!.dataSync()].some((value) => value !== 0)).toBe(true);
    });
  });

  it.each([
    [3, 5],
    [5, 2],
  ])('pointwiseConv2d, %i to %i channels', (nIn, nOut) => {
    expectGradients({
      shapes: [
        [2, 3, 2, nIn],
        [1, 1, nIn, nOut],
      ],
      f: (x, w) => ops.pointwiseConv2d(x as Tensor4D, w as Tensor4D),
      ...LINEAR,
    });
  });

  it.each([
    [3, 1, [2, 5, 4, 3]],
    [3, 2, [2, 5, 4, 3]],
    [3, 2, [1, 4, 7, 2]],
    [5, 1, [1, 6, 3, 2]],
    [5, 2, [1, 6, 7, 2]],
    [5, 2, [1, 1, 2, 5]], // smaller than the kernel
    [5, 1, [1, 2, 1, 4]],
  ])('depthwiseConv2d, kernel %i, stride %i, input %j', (kernelSize, stride, shape) => {
    expectGradients({
      shapes: [shape, [kernelSize, kernelSize, shape[3]!, 1]],
      f: (x, w) => ops.depthwiseConv2d(x as Tensor4D, w as Tensor4D, { stride }),
      ...LINEAR,
    });
  });

  it.each(['none', 'swish'] as const)('batchNormTraining, activation %s', (activation) => {
    expectGradients({
      shapes: [[2, 3, 2, 3], [3], [3]],
      f: (x, gamma, beta) =>
        ops.batchNormTraining(
          x as Tensor4D,
          { gamma: gamma as Tensor1D, beta: beta as Tensor1D },
          { epsilon: 0.1, activation },
        ).output,
      ...CURVED,
    });
  });

  it.each([0, 0.1, 1])('biasLeakyRelu, slope %d', (slope) => {
    const x = [2, 3, 2, 3];
    const f = (a: Tensor, bias?: Tensor) =>
      ops.biasLeakyRelu(a as Tensor4D, (bias ?? null) as Tensor1D | null, slope);
    expectGradients({ shapes: [x], f, step: 1e-4, atol: 5e-3 });
    expectGradients({ shapes: [x, [3]], f, step: 1e-4, atol: 5e-3 });
  });

  it('batchNormTraining, activation prelu', () => {
    expectGradients({
      shapes: [[2, 3, 2, 3], [3], [3], [3]],
      f: (x, gamma, beta, slope) =>
        ops.batchNormTraining(
          x as Tensor4D,
          { gamma: gamma as Tensor1D, beta: beta as Tensor1D, slope: slope as Tensor1D },
          { epsilon: 0.1, activation: 'prelu' },
        ).output,
      ...CURVED,
    });
  });

  it('squeezeExcite', () => {
    expectGradients({
      shapes: [[2, 3, 2, 4], [4, 2], [2], [2, 4], [4]],
      f: (x, reduceKernel, reduceBias, expandKernel, expandBias) =>
        ops.squeezeExcite(x as Tensor4D, {
          reduceKernel: reduceKernel as Tensor2D,
          reduceBias: reduceBias as Tensor1D,
          expandKernel: expandKernel as Tensor2D,
          expandBias: expandBias as Tensor1D,
        }),
      ...CURVED,
    });
  });

  it('globalAveragePool and add', () => {
    expectGradients({ shapes: [[2, 3, 2, 3]], f: (x) => ops.globalAveragePool(x as Tensor4D), ...LINEAR });
    expectGradients({
      shapes: [
        [2, 3, 2, 3],
        [2, 3, 2, 3],
      ],
      f: (a, b) => ops.add(a as Tensor4D, b as Tensor4D),
      ...LINEAR,
    });
  });

  it('a chain in which one tensor is used twice', () => {
    expectGradients({
      shapes: [
        [1, 3, 2, 2],
        [1, 1, 2, 2],
        [3, 3, 2, 1],
      ],
      f: (x, w, d) => {
        const h = ops.pointwiseConv2d(x as Tensor4D, w as Tensor4D);
        return ops.add(ops.depthwiseConv2d(h, d as Tensor4D, { stride: 1 }), h);
      },
      ...LINEAR,
    });
  });
});

describe('values of the operations', () => {
  beforeAll(() => setBackend('wasm'));

  it('batchNormTraining keeps the digits of a small variance beside a large mean', () => {
    tidy(() => {
      const x = values('offset', [4, 32, 32, 2]).map((u) => 30 + 0.5 * u);
      const { output, mean, variance } = ops.batchNormTraining(
        tensor(x, [4, 32, 32, 2]) as Tensor4D,
        { gamma: tensor([1, 1]) as Tensor1D, beta: tensor([0, 0]) as Tensor1D },
        { epsilon: 0, activation: 'none' },
      );
      for (const channel of [0, 1]) {
        const own = [...x].filter((_, i) => i % 2 === channel);
        const exactMean = own.reduce((total, value) => total + value, 0) / own.length;
        const exactVariance = own.reduce((total, value) => total + (value - exactMean) ** 2, 0) / own.length;
        expectAllClose(mean.dataSync()[channel]!, exactMean, { rtol: 1e-6, atol: 0 });
        expectAllClose(variance.dataSync()[channel]!, exactVariance, { rtol: 3e-6, atol: 0 });
        const z = (own[0]! - exactMean) / Math.sqrt(exactVariance);
        expectAllClose(output.dataSync()[channel]!, z, { rtol: 1e-4, atol: 1e-5 });
      }
    });
  });

  it('batchNormInference is gamma (x - mean) / sqrt(variance + epsilon) + beta, then swish', () => {
    tidy(() => {
      const statistics = {
        gamma: tensor([2]) as Tensor1D,
        beta: tensor([0.5]) as Tensor1D,
        mean: tensor([1]) as Tensor1D,
        variance: tensor([3]) as Tensor1D,
      };
      const x = tensor([3], [1, 1, 1, 1]) as Tensor4D;
      const z = (2 * (3 - 1)) / Math.sqrt(3 + 1) + 0.5; // 2.5
      const plain = ops.batchNormInference(x, statistics, { epsilon: 1, activation: 'none' });
      expectAllClose(plain.dataSync(), [z], { rtol: 1e-6, atol: 0 });
      const swish = ops.batchNormInference(x, statistics, { epsilon: 1, activation: 'swish' });
      expectAllClose(swish.dataSync(), [z / (1 + Math.exp(-z))], { rtol: 1e-6, atol: 0 });
    });
  });

  it('pads as TensorFlow does: the odd pixel goes to the bottom and the right', () => {
    tidy(() => {
      const x = tensor([1, 2, 3, 4], [1, 4, 1, 1]) as Tensor4D;
      const w = tensor([100, 10, 1], [3, 1, 1, 1]) as Tensor4D;
      const ours = ops.depthwiseConv2d(x, w, { stride: 2 });
      expect([...ours.dataSync()]).toEqual([123, 340]); // no row of zeros above, one below
      expect([...ops.conv2d(x, w, { stride: 2 }).dataSync()]).toEqual([123, 340]);
    });
  });

  it('pads by the rows and columns that it is told', () => {
    tidy(() => {
      const x = tensor([1, 2, 3, 4], [1, 4, 1, 1]) as Tensor4D;
      const w = tensor([100, 10, 1], [3, 1, 1, 1]) as Tensor4D;
      const padding = [
        [1, 1],
        [0, 0],
      ] as const;
      expect([...ops.conv2d(x, w, { stride: 2, padding }).dataSync()]).toEqual([12, 234]); // the last row is left over
      expect([...ops.depthwiseConv2d(x, w, { stride: 2, padding }).dataSync()]).toEqual([12, 234]);
      expect([...ops.conv2d(x, w, { stride: 1, padding: 'valid' }).dataSync()]).toEqual([123, 234]);
    });
  });

  it('release frees the tensor, and the gradient does not miss it', () => {
    const x = tensor(values('x', [1, 2, 2, 2]), [1, 2, 2, 2]) as Tensor4D;
    const w = tensor(values('w', [1, 1, 2, 2]), [1, 1, 2, 2]) as Tensor4D;
    const f = (shouldRelease: boolean) => (filter: Tensor) => {
      const h = ops.pointwiseConv2d(x, filter as Tensor4D);
      const y = ops.pointwiseConv2d(h, filter as Tensor4D);
      if (shouldRelease) {
        ops.release(h);
        expect(h.isDisposed).toBe(true);
      }
      return y;
    };
    tidy(() => {
      const [kept] = grads(f(false))([w]);
      const [released] = grads(f(true))([w]);
      expectAllClose(released!.dataSync(), kept!.dataSync(), { rtol: 0, atol: 0 });
    });
    x.dispose();
    w.dispose();
  });
});
