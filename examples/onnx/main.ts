// A trained network on onnxruntime: exported to a file that other runtimes read as well, and asked beside the WebAssembly kernels, for
// the same scores and for the time of each. Where onnxruntime-node is not installed it says so and stops.
// npm start -w examples/onnx
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { type Clip, synthesizeMachineSounds } from '@serial-oe/datasets';
import { loadSerialOe, type SerialOeModel, trainSerialOe } from '@serial-oe/serial-oe';

const RUNTIME = 'onnxruntime-node';
/** Relative; absolute, of ten, for scores near zero: they are log-likelihoods in nats. */
const TOLERANCE = 1e-4;
const N_ROUNDS = 3;

try {
  createRequire(import.meta.url).resolve(RUNTIME);
} catch {
  console.log(`SKIPPED: ${RUNTIME} is not installed. npm install ${RUNTIME}`);
  process.exit(0);
}

// A small model, trained for seconds; any model that `serial-oe train` or trainSerialOe has made will do.
const clips = synthesizeMachineSounds({
  ...{ machineTypes: ['fan', 'pump'], nIds: 2, nTrain: 6, nTest: 4, durationSeconds: 10, seed: 1 },
});
const config = { frontEnd: { nMels: 64, hopLength: 1024 }, optimization: { nEpochs: 1 } };
const model = await trainSerialOe({ dataset: { clips }, machineType: 'fan', backend: 'wasm', config });
const folder = resolve('output/fan-model');
mkdirSync('output', { recursive: true });
await model.save(folder);

// 1  The network as a file of its own, for whatever reads ONNX; mixtures and thresholds stay in the model.
for (const weights of ['float32', 'float16'] as const) {
  const path = resolve(`output/fan-${weights}.onnx`);
  const bytes = model.toOnnx({ weights });
  writeFileSync(path, bytes);
  console.log(`${weights}: ${(bytes.length / 2 ** 20).toFixed(1)} MB`);
  console.log(`Wrote ${path}`);
}
console.log('input features [batch, 1, nMels, nFrames], output embedding [batch, embeddingSize]\n');

// 2  The whole model by each runtime, from the same folder.
const test = clips.filter(({ machineType, split }) => machineType === 'fan' && split === 'test');
const runtimes = new Map<string, SerialOeModel>([
  ['tfjs, WASM kernels', await loadSerialOe(folder)],
  ['onnxruntime, 1 thread', await loadSerialOe(folder, { runtime: RUNTIME, threads: 1 })],
  ['onnxruntime, float16', await loadSerialOe(folder, { runtime: RUNTIME, threads: 1, weights: 'float16' })],
]);
const scores = new Map<string, number[]>();
const milliseconds = new Map<string, number[]>();
for (let round = 0; round <= N_ROUNDS; round++) {
  for (const [name, each] of runtimes) {
    const before = process.cpuUsage();
    const ofRound = await scoreAll(each, test);
    const { user, system } = process.cpuUsage(before);
    scores.set(name, ofRound);
    if (round === 0) continue; // compiles and warms up
    milliseconds.set(name, [...(milliseconds.get(name) ?? []), (user + system) / 1000 / test.length]);
  }
}

const [reference] = scores.values();
console.log('a 10 s clip'.padEnd(24), 'CPU ms'.padStart(8), 'farthest score'.padStart(16));
for (const [name, own] of scores) {
  const distances = own.map(
    (score, i) => Math.abs(score - reference![i]!) / Math.max(10, Math.abs(reference![i]!)),
  );
  const farthest = Math.max(...distances);
  console.log(
    name.padEnd(24),
    median(milliseconds.get(name)!).toFixed(1).padStart(8),
    farthest.toExponential(1).padStart(16),
  );
  if (name === 'onnxruntime, 1 thread') {
    console.log(
      farthest <= TOLERANCE
        ? `  the same scores, to ${TOLERANCE}`
        : `  OTHER scores, by more than ${TOLERANCE}`,
    );
  }
}
for (const each of [model, ...runtimes.values()]) each.dispose();

async function scoreAll(scorer: SerialOeModel, ofClips: readonly Clip[]): Promise<number[]> {
  const all: number[] = [];
  for (const { waveform, sampleRate, machineId } of ofClips) {
    const { anomalyScore } = await scorer.scoreAsync(waveform!, { sampleRate: sampleRate!, machineId });
    all.push(anomalyScore);
  }
  return all;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
