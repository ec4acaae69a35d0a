import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { AdamW } from '@serial-oe/optimizers';
import { fastestOps } from '@serial-oe/runtime';
import type { WeightArray } from '@serial-oe/safetensors';
import { expectAllClose, type Tolerance } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues, formulaWeight } from '@serial-oe/tooling/test-support/formula-values';
import { registerWasmTrainingKernels } from '@serial-oe/wasm-kernels';
import {
  customGrad,
  type GradSaveFunc,
  memory,
  mul,
  reshape,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  type Tensor2D,
  tensor,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Network } from '../../src/network/network';

/** What a golden file keeps of one tensor. */
interface Summary {
  shape: number[];
  norm: number;
  maxAbs: number;
  indices: number[];
  values: number[];
}

interface EvaluationCase {
  /** Shapes by name, in the order of `forward`. */
  inputs: Record<string, number[]>;
  evaluation: Summary;
}

interface TrainingCase extends EvaluationCase {
  training: Summary;
  loss: number;
  runningStatistics: Record<string, Summary>;
  gradients: Record<string, Summary>;
  updated: Record<string, Summary>;
}

interface Golden {
  optimizer: { learningRate: number; epsilon: number; weightDecay: number };
  cases: {
    small: TrainingCase;
    full: EvaluationCase & { nParameters: number; nStatistics: number; multiplyAccumulates: number };
  };
}

export interface NetworkParity {
  /** Name of the golden file. */
  golden: string;
  /** The network of a case, by the shapes of its inputs. */
  create(inputs: Record<string, number[]>, ops: ExtractorOps | undefined): Network<never>;
  /** Where the training step is taken, default everywhere. */
  training?: readonly Engine[];
  /** What ours computes at its true size beyond what PyTorch's layers do, default 0. */
  extraMultiplyAccumulates?: number;
  /** Where the network of its true size runs, default on WASM. */
  full?: readonly Engine[];
}

type Engine = 'cpu' | 'wasm' | 'wasm, SIMD operations';

const EVERYWHERE: readonly Engine[] = ['cpu', 'wasm', 'wasm, SIMD operations'];
const ON_WASM: readonly Engine[] = ['wasm', 'wasm, SIMD operations'];

/** Below this fraction of the largest gradient of all, what is left after cancellation (a bias before a BatchNorm) is rounding. */
const NOISE = 1e-2;
const OUTPUT_TOLERANCE: Tolerance = { rtol: 1e-3, atol: 1e-4 };

/** Forward pass, one training step and the number of parameters against PyTorch. */
export function describeNetworkParity(parity: NetworkParity): void {
  const { create, training = EVERYWHERE, full: fullSize = ON_WASM, extraMultiplyAccumulates = 0 } = parity;
  const path = join(__dirname, '..', 'golden', `${parity.golden}.json`);
  const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
  const { small, full } = golden.cases;

  for (const engine of training) {
    it(`has PyTorch\`s outputs, loss, gradients, running statistics and updated weights on ${engine}`, async () => {
      const network = create(small.inputs, await useEngine(engine));
      await fillByFormula(network);
      const inputs = formulaInputs(small);
      const nTensors = memory().numTensors;
      expectEvaluation(network, inputs, small);
      expect(memory().numTensors).toBe(nTensors);
      const { outputs, loss, grads } = step(network, inputs);
      expect(memory().numTensors).toBe(nTensors + network.variables.length);
      expectSummary(outputs, small.training, OUTPUT_TOLERANCE);
      expectAllClose(loss, small.loss, { rtol: 1e-3, atol: 1e-3 });
      expectGradients(network, grads, small);
      const state = await network.toWeights();
      for (const [name, expected] of Object.entries(small.runningStatistics)) {
        expectSummary(state.get(name)!, expected, OUTPUT_TOLERANCE);
      }
      const optimizer = new AdamW(golden.optimizer);
      optimizer.applyGradients(grads);
      optimizer.dispose();
      for (const gradient of Object.values(grads)) gradient.dispose();
      expect(memory().numTensors).toBe(nTensors);
      const updated = await network.toWeights();
      for (const [name, expected] of Object.entries(small.updated)) {
        expectScaled(name, updated.get(name)!, expected);
      }
      for (const input of inputs) input.dispose();
      network.dispose();
    });
  }

  for (const engine of fullSize) {
    it(`has PyTorch\`s outputs and number of parameters at its true size on ${engine}`, async () => {
      const network = create(full.inputs, await useEngine(engine));
      await fillByFormula(network);
      const inputs = formulaInputs(full);
      expectEvaluation(network, inputs, full);
      const count = (variables: readonly Tensor[]) => variables.reduce((total, { size }) => total + size, 0);
      expect(count(network.variables)).toBe(full.nParameters);
      expect(count(network.stateVariables)).toBe(full.nStatistics);
      const shapes = Object.values(full.inputs).map(([, ...shape]) => shape);
      expect(network.countMultiplyAccumulates(shapes)).toBe(
        full.multiplyAccumulates + extraMultiplyAccumulates,
      );
      for (const input of inputs) input.dispose();
      network.dispose();
    });
  }
}

function expectEvaluation(network: Network<never>, inputs: Tensor[], { evaluation }: EvaluationCase): void {
  const outputs = tidy(() => read(network.forward(inputs as never, { training: false })));
  expectSummary(outputs, evaluation, OUTPUT_TOLERANCE);
}

function expectGradients(
  network: Network<never>,
  grads: Record<string, Tensor>,
  { gradients: expected }: TrainingCase,
): void {
  const actual = byParameter(network, (name) => grads[name]!);
  expect([...actual.keys()].sort()).toEqual(Object.keys(expected).sort());
  const floor = NOISE * Math.max(...Object.values(expected).map(({ maxAbs }) => maxAbs));
  for (const [name, summary] of Object.entries(expected)) {
    expectScaled(name, actual.get(name)!, { ...summary, maxAbs: Math.max(summary.maxAbs, floor) });
  }
}

async function useEngine(name: Engine): Promise<ExtractorOps | undefined> {
  await setBackend(name === 'cpu' ? 'cpu' : 'wasm');
  await registerWasmTrainingKernels();
  if (name !== 'wasm, SIMD operations') return undefined;
  const ops = await fastestOps('training', () => {});
  expect(ops).toBeDefined();
  return ops;
}

async function fillByFormula(network: Network<never>): Promise<void> {
  const weights = [...(await network.toWeights())].map(([name, { shape }]): [string, WeightArray] => [
    name,
    { shape, data: formulaWeight(name, shape) },
  ]);
  network.loadWeights(new Map(weights));
}

function formulaInputs({ inputs }: EvaluationCase): Tensor[] {
  return Object.entries(inputs).map(([name, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return tensor(Float32Array.from(formulaValues(name, length)), shape);
  });
}

type Values = Pick<WeightArray, 'shape' | 'data'>;

function read(x: Tensor): Values {
  return { shape: x.shape, data: Float32Array.from(x.dataSync()) };
}

/** Sum of all outputs times formula numbers, by the size of the batch. */
function probe(outputs: Tensor2D): Scalar {
  const weighted = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const x = args[0] as Tensor;
    const factors = mul(tensor(Float32Array.from(formulaValues('probe', x.size)), x.shape), 1 / x.shape[0]!);
    (args[1] as GradSaveFunc)([factors]);
    return {
      value: sum(mul(x, factors)) as Tensor,
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => [mul(reshape(dy, [1]), saved!)],
    };
  });
  return weighted(outputs) as Scalar;
}

function step(network: Network<never>, inputs: Tensor[]) {
  return tidy(() => {
    let outputs: Values | undefined;
    const loss = () => {
      const y = network.forward(inputs as never, { training: true });
      outputs = read(y);
      return probe(y);
    };
    const { value, grads } = variableGrads(loss, [...network.variables]);
    return { outputs: outputs!, loss: value.dataSync()[0]!, grads } as never;
  }) as unknown as { outputs: Values; loss: number; grads: Record<string, Tensor> };
}

/** By the name of the layer, which is that of the variable without the network's own in front. */
function byParameter(network: Network<never>, tensorOf: (name: string) => Tensor): Map<string, Values> {
  return new Map(
    network.variables.map(({ name }) => [name.slice(name.indexOf('/') + 1), read(tensorOf(name))]),
  );
}

function expectSummary(actual: Values, expected: Summary, tolerance: Tolerance): void {
  expect(actual.shape).toEqual(expected.shape);
  const kept = expected.indices.map((index) => actual.data[index]!);
  expectAllClose(kept, expected.values, tolerance);
  expectAllClose(normOf(actual.data), expected.norm, tolerance);
}

function normOf(data: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += data[i]! ** 2;
  return Math.sqrt(squares);
}

/** Sums over cancelling terms: a value's error follows the tensor's largest, not itself. */
function expectScaled(name: string, actual: Values, expected: Summary): void {
  try {
    expectSummary(actual, expected, { rtol: 1e-3, atol: 1e-3 * expected.maxAbs });
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
