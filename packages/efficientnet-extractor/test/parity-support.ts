import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAllClose, type Tolerance } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues, formulaWeight } from '@serial-oe/tooling/test-support/formula-values';
import {
  add,
  customGrad,
  type GradSaveFunc,
  mul,
  reshape,
  type Scalar,
  sum,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { createExtractor, type Extractor, type ExtractorOps, type ExtractorOutput } from '../src/index';

/** What the golden file keeps of one tensor. */
export interface Summary {
  shape: number[];
  mean: number;
  meanSquare: number;
  maxAbs: number;
  indices: number[];
  values: number[];
}

export interface GoldenCase {
  inputShape: [number, number, number, number];
  evaluation: Record<string, Summary>;
  training: Record<string, Summary>;
  runningStatistics: Record<string, Summary>;
  gradients: Record<string, Summary>;
}

interface Golden {
  nMachineIds: number;
  cases: Record<'small' | 'odd' | 'full', GoldenCase>;
}

export const golden = JSON.parse(
  readFileSync(join(__dirname, 'golden', 'efficientnet.json'), 'utf8'),
) as Golden;

/** DESIGN's tolerance for network outputs. */
export const OUTPUT_TOLERANCE: Tolerance = { rtol: 1e-3, atol: 1e-4 };

/** The extractor of the reference: formula weights, no dropout. */
export function formulaExtractor(goldenCase: GoldenCase, ops?: ExtractorOps): Extractor {
  const [, nMels, nFrames] = goldenCase.inputShape;
  const extractor = createExtractor({
    nMachineIds: golden.nMachineIds,
    inputShape: [nMels, nFrames],
    dropoutRate: 0,
    ...(ops === undefined ? {} : { ops }),
  });
  const weights = [...extractor.toWeights()].map(
    ([name, { shape }]) => [name, { shape, data: formulaWeight(name, shape) }] as const,
  );
  extractor.loadWeights(new Map(weights));
  return extractor;
}

export function formulaInput({ inputShape }: Pick<GoldenCase, 'inputShape'>): Tensor4D {
  const length = inputShape.reduce((product, size) => product * size, 1);
  return tensor4d(Float32Array.from(formulaValues('input', length)), inputShape);
}

/** Compares shape, moments and the kept values. */
export function expectSummary(
  actual: { shape: number[]; data: ArrayLike<number> },
  expected: Summary,
  tolerance: Tolerance,
) {
  expect(actual.shape).toEqual(expected.shape);
  expectAllClose(
    expected.indices.map((index) => actual.data[index] as number),
    expected.values,
    tolerance,
  );
  let total = 0;
  let squares = 0;
  for (let i = 0; i < actual.data.length; i++) {
    total += actual.data[i]!;
    squares += actual.data[i]! ** 2;
  }
  expectAllClose(total / actual.data.length, expected.mean, tolerance);
  expectAllClose(squares / actual.data.length, expected.meanSquare, tolerance);
}

export function expectTensor(actual: Tensor, expected: Summary, tolerance: Tolerance): void {
  expectSummary({ shape: actual.shape, data: actual.dataSync() }, expected, tolerance);
}

/** Sum of x times formula numbers, as `probe` of the reference script. */
export function probe(name: string, x: Tensor): Scalar {
  const values = Float32Array.from(formulaValues(`probe.${name}`, x.size));
  const weights = tensor4d(values, [x.size, 1, 1, 1]);
  const flat = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
    const [input, save] = args as [Tensor, GradSaveFunc];
    const shaped = reshape(weights, input.shape);
    save([shaped]);
    return {
      value: sum(mul(input, shaped)) as Tensor,
      gradFunc: (dy: Tensor, [kept]: Tensor[]) => mul(kept!, dy),
    };
  });
  return flat(x) as Scalar;
}

const sumOf = customGrad((...args: (Tensor | GradSaveFunc)[]) => ({
  value: add(args[0] as Tensor, args[1] as Tensor) as Tensor,
  gradFunc: (dy: Tensor) => [dy.clone(), dy.clone()],
}));

function probeOutputs({ embedding, typeLogits, idLogits }: ExtractorOutput): Scalar {
  const embeddingProbe = probe('embedding', embedding);
  const typeProbe = probe('typeLogits', typeLogits);
  return sumOf(sumOf(embeddingProbe, typeProbe), probe('idLogits', idLogits!)) as Scalar;
}

/** Gradients of the reference's scalar for all variables, on the host and by parameter name. */
export function probeGradients(
  extractor: Extractor,
  x: Tensor4D,
): Map<string, { shape: number[]; data: Float32Array }> {
  return tidy(() => {
    const { grads } = variableGrads(
      () => probeOutputs(extractor.forward(x, { training: true })),
      extractor.variables,
    );
    return new Map(
      Object.entries(grads).map(([name, gradient]) => [
        name.slice(name.indexOf('/') + 1),
        { shape: gradient.shape, data: Float32Array.from(gradient.dataSync()) },
      ]),
    ) as never;
  });
}
