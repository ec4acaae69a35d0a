import { grads, memory, type Tensor, type Tensor2D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { createResnetTwoHeads, splitHeads } from '../src/network/resnet-two-heads';
import { describeNetworkParity } from './support/network-parity';

describeNetworkParity({
  golden: 'network_resnet',
  create: ({ sgram }, ops) => createResnetTwoHeads({ nFrames: sgram![1]!, nMels: sgram![2]!, seed: 1, ops }),
});

it('gives the heads apart, and their gradients together', () => {
  const nTensors = memory().numTensors;
  tidy(() => {
    const outputs = tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const { embedding, logits } = splitHeads(outputs);
    expect([...embedding.dataSync()]).toEqual([1, 2, 4, 5]);
    expect([...logits.dataSync()]).toEqual([3, 6]);
    const gradientOf = (head: 'embedding' | 'logits', dy: Tensor) =>
      grads((x: Tensor) => splitHeads(x as Tensor2D)[head])([outputs], dy)[0]!.dataSync();
    expect([...gradientOf('embedding', tensor2d([1, 2, 3, 4], [2, 2]))]).toEqual([1, 2, 0, 3, 4, 0]);
    expect([...gradientOf('logits', tensor1d([7, 8]))]).toEqual([0, 0, 7, 0, 0, 8]);
  });
  expect(memory().numTensors).toBe(nTensors);
});
