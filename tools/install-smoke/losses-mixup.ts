import assert from 'node:assert/strict';
import { type Mixup, outlierExposureLoss, sampleMixup, typeLoss } from '@serial-oe/losses-mixup';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

export async function use(): Promise<void> {
  await tf.setBackend('cpu');
  const mixup: Mixup = sampleMixup(4, { random: () => 0.5 });
  assert.equal(mixup.permutation.length, 4);
  const y = tf.tensor1d([1, 0]);
  const idLogits = tf.zeros([2, 3]);
  const targets = tf.tensor2d([1, 0, 0, 0, 0, 0], [2, 3]);
  assert.ok(Math.abs(typeLoss(tf.tensor1d([0, 0]), y).dataSync()[0]! - Math.LN2) < 1e-6);
  const loss = outlierExposureLoss({ typeLogits: tf.tensor1d([0, 0]), idLogits, y, targets }, { alpha: 10 });
  assert.ok(Math.abs(loss.dataSync()[0]! - 11 * Math.LN2) < 1e-5);
}
