import assert from 'node:assert/strict';
import { AdamW, OneCycleLR } from '@serial-oe/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

export async function use(): Promise<void> {
  await tf.setBackend('cpu');
  const weight = tf.variable(tf.scalar(3));
  const optimizer = new AdamW({ learningRate: 0.1, weightDecay: 0 });
  const schedule = new OneCycleLR(optimizer, { maxLearningRate: 0.1, totalSteps: 10 });
  tf.tidy(() => optimizer.applyGradients({ [weight.name]: tf.mul(weight, 2) }));
  schedule.step();
  assert.ok(weight.dataSync()[0]! < 3);
  optimizer.dispose();
  weight.dispose();
}
