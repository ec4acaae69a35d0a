// Mel spectrograms of the 10 chunks of a clip, by the paper's options. Input: clip.f32.
import { MelSpectrogram, splitChunks } from '@serial-oe/audio-features';
import { readFloat32 } from './inputs.mjs';
import { serve } from './serve.mjs';

const chunks = splitChunks(readFloat32('clip.f32'), { chunkLength: 32_000, nChunks: 10 });
const mel = new MelSpectrogram();
const run = () => chunks.map((chunk) => mel.compute(chunk).data);

const values = run();
const sum = values.flatMap((data) => [...data]).reduce((total, value) => total + value, 0);
await serve({ check: sum, run, warmUp: 20 });
