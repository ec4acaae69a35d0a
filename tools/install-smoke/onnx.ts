import assert from 'node:assert/strict';
import { exportOnnx, loadOnnxRuntime, type OnnxNetwork, OnnxRuntimeError } from '@serial-oe/onnx';

const vector = (length: number) => ({ shape: [length], data: new Float32Array(length).fill(0.1) });
const linear = (name: string) => ({
  name,
  weight: { shape: [1, 1], data: Float32Array.of(1) },
  bias: vector(1),
});
const convolution = (name: string) => ({
  name,
  filter: { shape: [1, 1, 1, 1], data: Float32Array.of(1) },
  bias: vector(1),
  stride: 1,
  isDepthwise: false,
  activation: 'swish' as const,
});

export async function use(): Promise<void> {
  const network: OnnxNetwork = {
    inputShape: [4, 3],
    embeddingSize: 1,
    stem: convolution('stem'),
    blocks: [],
    head: convolution('head'),
    neck: { linear1: linear('linear1'), slope: 0.25, linear2: linear('linear2') },
  };
  assert.ok(exportOnnx(network).length > 0);
  // No runtime is installed here.
  await assert.rejects(loadOnnxRuntime('onnxruntime-node'), (error: Error) => {
    assert.ok(error instanceof OnnxRuntimeError);
    assert.match(error.message, /must be installed, got none\. Run "npm install onnxruntime-node"/);
    return true;
  });
}
