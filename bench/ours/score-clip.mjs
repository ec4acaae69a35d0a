// The score of a clip by a trained model, as `serial-oe score` computes it. Inputs: clip.f32, model/.
import { join } from 'node:path';
import { loadSerialOe } from '@serial-oe/serial-oe';
import { INPUTS, readFloat32 } from './inputs.mjs';
import { serve } from './serve.mjs';
import { startWasm } from './wasm-backend.mjs';

await startWasm();
const model = await loadSerialOe(join(INPUTS, 'model'));
const clip = readFloat32('clip.f32');
const [machineId] = model.machineIds;
const run = () => model.score(clip, { machineId, sampleRate: model.config.frontEnd.sampleRate }).anomalyScore;

await serve({ check: run(), run, warmUp: 3 });
