// The scores of eight clips by a trained model, on as many threads as the peers have. Inputs: clip.f32, model/.
import { join } from 'node:path';
import { loadSerialOe, toBundleFiles } from '@serial-oe/serial-oe';
import { INPUTS, readFloat32, THREADS } from './inputs.mjs';
import { serve } from './serve.mjs';
import { startWasm } from './wasm-backend.mjs';

const N_CLIPS = 8;

await startWasm();
const model = await loadSerialOe(join(INPUTS, 'model'));
const clip = readFloat32('clip.f32');
const [machineId] = model.machineIds;
const { sampleRate } = model.config.frontEnd;
const clips = Array.from({ length: N_CLIPS }, (_, i) => ({
  path: `clip ${i}`,
  machineType: model.machineType,
  machineId,
  label: 'normal',
  split: 'test',
  waveform: clip.map((sample) => sample * (1 + i / N_CLIPS)),
  sampleRate,
}));

/** The threads of `scoreClips` with `workers`, started once: as with the peers, loading takes no part. */
const scorer =
  THREADS > 1
    ? await model.platform.createScoringThreads(
        { files: await toBundleFiles(model.parts), operations: model.operations },
        THREADS,
      )
    : undefined;
const score = (each) => scorer?.score(each) ?? model.score(each.waveform, { machineId, sampleRate });

async function run() {
  const scores = await Promise.all(clips.map(score));
  return scores.reduce((sum, { anomalyScore }) => sum + anomalyScore, 0);
}

await serve({ check: await run(), run, warmUp: 2 });
await scorer?.close();
