import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { type Scalar, type Tensor, tensor1d, tensor2d, tidy, valueAndGrads } from '@tensorflow/tfjs-core';
import { arcFaceLoss, crossEntropyIdLoss, idLoss, SubClusterAdaCos, typeLoss } from '../src/index';
import golden from './golden/extreme-losses.json';
import { BACKENDS, useBackend } from './use-backend';

const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const targets = () => tensor2d(golden.targets);
const { tolerance } = golden;

/** The loss and its gradients, which must be as those of float64, or where float32 ends, at its end. */
function evaluate(loss: (...inputs: Tensor[]) => Scalar, inputs: () => Tensor[]) {
  return tidy(() => {
    const { value, grads } = valueAndGrads(loss)(inputs());
    return { value: value.dataSync()[0]!, gradients: grads.map((grad) => Array.from(grad.dataSync())) };
  });
}

describe.each(BACKENDS)('losses at the ends of float32 on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(golden.cases)('are those of float64 for logits of $size', (reference) => {
    const { logits } = reference;
    const first = logits.map(([x]) => x!);
    for (const [{ value, gradients }, expected] of [
      [
        evaluate(
          (x) => crossEntropyIdLoss(x!, targets()),
          () => [tensor2d(logits)],
        ),
        reference.crossEntropyIdLoss,
      ],
      [
        evaluate(
          (x) => idLoss(x!, targets()),
          () => [tensor2d(logits)],
        ),
        reference.idLoss,
      ],
      [
        evaluate(
          (x) => typeLoss(x!, tensor1d(golden.y)),
          () => [tensor1d(first)],
        ),
        reference.typeLoss,
      ],
    ] as const) {
      expectAllClose([value], [Math.min(expected.loss, LARGEST)], tolerance);
      expectAllClose(gradients[0]!, expected.gradient.flat(), tolerance);
    }
  });

  it('a loss that float32 does not hold is the largest that it does', () => {
    const hard = () => tensor2d([[1, 0]]);
    const { value, gradients } = evaluate(
      (x) => crossEntropyIdLoss(x!, hard()),
      () => [tensor2d([[-3e38, 3e38]])],
    );
    expect(value).toBe(LARGEST); // 6e38
    expect(gradients).toEqual([[-1, 1]]);
  });

  it('a NaN and an infinity stay visible', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { value } = evaluate(
        (x) => crossEntropyIdLoss(x!, targets()),
        () => [
          tensor2d([
            [bad, 1, 2],
            [0, 0, 0],
            [0, 0, 0],
          ]),
        ],
      );
      expect(Number.isFinite(value)).toBe(false);
    }
  });

  it.each(golden.arcFace)('ArcFace takes embeddings of any norm, $size', ({ embedding, weight, loss }) => {
    const { value, gradients } = evaluate(
      (e, w) => arcFaceLoss(e!, w!, targets()),
      () => [tensor2d(embedding), tensor2d(weight)],
    );
    expectAllClose([value], [loss], { rtol: 1e-4, atol: 1e-5 });
    expect(gradients.flat().every(Number.isFinite)).toBe(true);
  });

  it.each([1e-30, 1, 1e30, 3e38])('Sub-cluster AdaCos takes embeddings of %d', (size) => {
    const adaCos = new SubClusterAdaCos({
      nClasses: 3,
      embeddingSize: 4,
      nSubClusters: 2,
      random: () => 0.3,
    });
    const embedding = golden.arcFace[2]!.embedding.map((row) => row.map((x) => x * size));
    const { value, gradients } = evaluate(
      (e) => adaCos.loss(e!, targets(), { training: true }),
      () => [tensor2d(embedding)],
    );
    adaCos.dispose();
    expect(Number.isFinite(value)).toBe(true);
    expect(gradients.flat().every(Number.isFinite)).toBe(true);
  });

  it('refuses a scale that no loss has', () => {
    const [embedding, weight] = [tensor2d([[1, 2]]), tensor2d([[1, 2]])];
    expect(() => arcFaceLoss(embedding, weight, tensor2d([[1]]), { scale: 1e30 })).toThrow(
      /scale must be a number from 0 to 1000000, got 1e\+30/,
    );
  });
});
