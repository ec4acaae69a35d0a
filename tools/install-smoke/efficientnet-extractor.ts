import assert from 'node:assert/strict';
import {
  createExtractor,
  type Extractor,
  parseSafetensors,
  serializeSafetensors,
} from '@serial-oe/efficientnet-extractor';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

export async function use(): Promise<void> {
  await tf.setBackend('cpu');
  const extractor: Extractor = createExtractor({ nMachineIds: 3, inputShape: [32, 32] });
  const embedding = extractor.embed(tf.ones<tf.Rank.R4>([1, 32, 32, 1]));
  assert.deepEqual(embedding.shape, [1, 128]);
  const bytes = serializeSafetensors(extractor.toWeights());
  assert.equal(parseSafetensors(bytes).size, extractor.toWeights().size);
  extractor.dispose();
}
