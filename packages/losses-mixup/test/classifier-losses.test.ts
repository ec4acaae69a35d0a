import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  add,
  cast,
  memory,
  mul,
  oneHot,
  type Scalar,
  slice,
  type Tensor,
  tensor1d,
  tensor2d,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { ArcFace, arcFaceLoss, supervisedContrastiveLoss } from '../src/index';
import golden from './golden/classifier-losses.json';
import { BACKENDS, useBackend } from './use-backend';

const { batch, nClasses, embeddingSize } = golden.sizes;
const embeddings = () =>
  tensor2d(Float32Array.from(formulaValues('embedding', batch * embeddingSize)), [batch, embeddingSize]);
const weights = () =>
  tensor2d(Float32Array.from(formulaValues('weight', nClasses * embeddingSize)), [nClasses, embeddingSize]);
const classes = (labels: readonly number[]) =>
  cast(oneHot(tensor1d([...labels], 'int32'), nClasses), 'float32');

function expectReference(
  loss: (...inputs: Tensor[]) => Scalar,
  inputs: Tensor[],
  reference: { loss: number; gradients: number[][] },
): void {
  const { value, grads } = valueAndGrads(loss)(inputs);
  expectAllClose(value.dataSync(), [reference.loss], golden.tolerance);
  for (const [i, expected] of reference.gradients.entries()) {
    const largest = Math.max(...expected.map(Math.abs));
    expectAllClose(grads[i]!.dataSync() as Float32Array, expected, { rtol: 2e-5, atol: 2e-5 * largest });
  }
}

function withoutLeak(run: () => void): void {
  const before = memory().numTensors;
  tidy(run);
  expect(memory().numTensors).toBe(before);
}

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(golden.noisy)('arcFaceLoss with the margin of the own class, $options', (reference) => {
    const { share, scale, margin } = reference.options;
    withoutLeak(() => {
      const own = classes(golden.own);
      const targets = add(mul(own, share), mul(classes(golden.partner), 1 - share));
      const loss = (e?: Tensor, w?: Tensor) =>
        arcFaceLoss(e!, w!, targets, { scale, margin, marginTargets: own });
      expectReference(loss, [embeddings(), weights()], reference);
    });
  });

  test.each(golden.contrastive)('supervisedContrastiveLoss, $options', (reference) => {
    const { labels, temperature } = reference.options;
    withoutLeak(() => {
      const loss = (e?: Tensor) => supervisedContrastiveLoss(e!, classes(labels), { temperature });
      expectReference(loss, [embeddings()], reference);
    });
  });

  test('supervisedContrastiveLoss of samples that are all alone is 0, with zero gradient', () => {
    withoutLeak(() => {
      const labels = classes([0, 1, 2]);
      const three = slice(embeddings(), [0, 0], [3, embeddingSize]);
      const { value, grads } = valueAndGrads((e?: Tensor) => supervisedContrastiveLoss(e!, labels))([three]);
      expect(value.dataSync()[0]).toBeCloseTo(0, 12);
      expect(Array.from(grads[0]!.dataSync()).every((x) => x === 0)).toBe(true);
    });
  });
});

test('an ArcFace passes the margin on', async () => {
  await useBackend('cpu');
  const arcFace = new ArcFace({ nClasses, embeddingSize, scale: 30, margin: 0.7, random: () => 0.5 });
  arcFace.setState({
    nClasses,
    embeddingSize,
    weight: Float32Array.from(formulaValues('weight', nClasses * embeddingSize)),
  });
  const [reference] = golden.noisy;
  const own = classes(golden.own);
  const targets = add(mul(own, 0.7), mul(classes(golden.partner), 0.3));
  const loss = arcFace.loss(embeddings(), targets, { marginTargets: own });
  expectAllClose(loss.dataSync(), [reference!.loss], golden.tolerance);
  expect(() => arcFace.loss(embeddings(), targets, { marginTarget: own } as never)).toThrow(/marginTargets/);
  const wrong = tensor2d([1, 2, 3, 4], [1, nClasses]);
  expect(() => arcFace.loss(embeddings(), targets, { marginTargets: wrong })).toThrow(/marginTargets/);
  expect(() => supervisedContrastiveLoss(embeddings(), own, { temperature: 0 })).toThrow(/temperature/);
  arcFace.dispose();
});
