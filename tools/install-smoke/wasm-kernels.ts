import assert from 'node:assert/strict';
import { registerWasmTrainingKernels } from '@serial-oe/wasm-kernels';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';

export async function use(): Promise<void> {
  await registerWasmTrainingKernels();
  await tf.setBackend('wasm');
  const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
  const filter = tf.ones<tf.Rank.R4>([3, 3, 1, 1]);
  assert.ok(tf.getKernel('Conv2DBackpropFilter', 'wasm'));
  assert.equal(tf.conv2d(x, filter, 1, 'valid').dataSync()[0], 9);
}
