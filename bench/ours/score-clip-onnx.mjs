// The score of a clip by a trained model on onnxruntime-node, as `serial-oe score --runtime onnx` computes it.
// Inputs: clip.f32, model/.
import { join } from 'node:path';
import { loadSerialOe } from '@serial-oe/serial-oe';
import { INPUTS, readFloat32, THREADS } from './inputs.mjs';
import { serve } from './serve.mjs';

const model = await loadSerialOe(join(INPUTS, 'model'), { runtime: 'onnxruntime-node', threads: THREADS });
const clip = readFloat32('clip.f32');
const [machineId] = model.machineIds;
const run = async () =>
  (await model.scoreAsync(clip, { machineId, sampleRate: model.config.frontEnd.sampleRate })).anomalyScore;

await serve({ check: await run(), run, warmUp: 3 });
