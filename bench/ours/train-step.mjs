// One update of the extractor: forward, loss, backward, AdamW. Inputs: train.json, spectrograms.f32, train.safetensors, and
// model/ with several threads. Dropout is off, so that every contender has the same loss.
import { THREADS } from './inputs.mjs';
import { createParallelStep } from './parallel-step.mjs';
import { serve } from './serve.mjs';
import { createStep } from './step.mjs';

const { run, close } = THREADS > 1 ? await createParallelStep(THREADS) : await createStep();
await serve({ check: await run(), run, warmUp: 1 });
await close();
