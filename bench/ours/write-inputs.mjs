// Writes the inputs of the named measurements: node bench/ours/write-inputs.mjs FOLDER NAME ...
// Every contender of a run reads the same files, so that all do the same work on the same numbers.
import { join } from 'node:path';
import { MelSpectrogram, normalizeAmplitude, randomChunk } from '@serial-oe/audio-features';
import { seededRandom, synthesizeMachineSounds } from '@serial-oe/datasets';
import { createExtractor, serializeSafetensors } from '@serial-oe/efficientnet-extractor';
import { uniformValues } from '@serial-oe/foundation';
import { trainSerialOe } from '@serial-oe/serial-oe';
import { INPUTS, writeArray, writeJson } from './inputs.mjs';
import { createNetwork, NETWORKS } from './networks.mjs';
import { startWasm } from './wasm-backend.mjs';

const SEED = 1;
const CHUNK_LENGTH = 32_000;
const N_MACHINE_IDS = 7;
const BATCH_SIZE = 32;
const GMM = { nRows: 10_000, nCols: 128, nComponents: 2, nIterations: 10 };

const WRITERS = {
  'train-step': [writeTraining, writeModel],
  'train-memory': [writeTraining],
  'score-clip': [writeClip, writeModel],
  'score-clip-onnx': [writeClip, writeModel],
  'score-folder': [writeClip, writeModel],
  mel: [writeClip],
  'gmm-fit': [writeMixture],
  ...Object.assign({}, ...Object.keys(NETWORKS).map(networkWriters)),
};

const clips = synthesizeMachineSounds({
  machineTypes: ['fan', 'pump'],
  nIds: 1,
  nTrain: 6,
  nTest: 1,
  seed: SEED,
});
const writers = new Set(process.argv.slice(3).flatMap((name) => WRITERS[name] ?? []));
for (const write of writers) await write();

/** clip.f32: 10 s at 16 kHz. */
function writeClip() {
  writeArray('clip.f32', clips.find(({ split }) => split === 'test').waveform);
}

/** A batch of pairs of equal samples (see parallel-step.mjs), normal ones first, and weights to start from. */
async function writeTraining() {
  const ops = await startWasm();
  const random = seededRandom(SEED, 'bench-batch');
  const mel = new MelSpectrogram();
  const amplitude = { mean: 0, std: 0.1 };
  const distinct = Array.from({ length: BATCH_SIZE / 2 }, (_, i) => {
    const { waveform } = clips[i % clips.length];
    return mel.compute(normalizeAmplitude(randomChunk(waveform, CHUNK_LENGTH, random), amplitude));
  });
  const spectrograms = distinct.flatMap((spectrogram) => [spectrogram, spectrogram]);
  const { nMels, nFrames } = spectrograms[0];
  const size = nMels * nFrames;
  const x = new Float32Array(BATCH_SIZE * size);
  spectrograms.forEach(({ data }, i) => {
    x.set(data, i * size);
  });
  const y = Array.from({ length: BATCH_SIZE }, (_, i) => (i < BATCH_SIZE / 2 ? 1 : 0));
  const targets = y.flatMap((isNormal, i) =>
    Array.from({ length: N_MACHINE_IDS }, (_, id) => (isNormal && (i >> 1) % N_MACHINE_IDS === id ? 1 : 0)),
  );
  writeArray('spectrograms.f32', x);
  const shape = { batchSize: BATCH_SIZE, nMels, nFrames, nMachineIds: N_MACHINE_IDS };
  writeJson('train.json', { ...shape, y, targets, learningRate: 1e-3, seed: SEED });
  const extractor = createExtractor({
    nMachineIds: N_MACHINE_IDS,
    inputShape: [nMels, nFrames],
    seed: SEED,
    ops,
  });
  writeArray('train.safetensors', serializeSafetensors(extractor.toWeights()));
  extractor.dispose();
}

/** A network's inputs, random, since its time does not depend on the sound; its weights; and what its loss multiplies the outputs by. */
function networkWriters(name) {
  const write = async () => {
    const { batchSize, nScored, nOutputs, inputs } = NETWORKS[name];
    const random = seededRandom(SEED, 'bench-networks', name);
    for (const [i, { shape }] of inputs.entries()) {
      const size = shape.reduce((product, length) => product * length, Math.max(batchSize, nScored));
      writeArray(`${name}-${i}.f32`, uniformValues(size, 1, random));
    }
    const files = inputs.map(({ shape }, i) => ({ file: `${name}-${i}.f32`, shape }));
    writeJson(`${name}.json`, { batchSize, nScored, nOutputs, inputs: files });
    const network = createNetwork(name, await startWasm());
    writeArray(`${name}.safetensors`, serializeSafetensors(await network.toWeights()));
    writeArray(`${name}-probe.f32`, uniformValues(batchSize * nOutputs, 1 / batchSize, random));
    network.dispose();
  };
  return { [`${name}-step`]: [write], [`${name}-clip`]: [write] };
}

/** model/: trained for some steps, enough for running statistics that keep activations in range. */
async function writeModel() {
  const model = await trainSerialOe({
    dataset: { clips },
    machineType: 'fan',
    preset: 'paper',
    backend: 'wasm',
    ops: await startWasm(),
    config: {
      seed: SEED,
      batch: { nNormal: 3, nOutliers: 3 },
      optimization: { nEpochs: 15 },
      detector: { regCovar: 1e-2 }, // 60 chunks cannot carry a covariance of 128 dimensions
    },
  });
  await model.save(join(INPUTS, 'model'));
  model.dispose();
}

/** gmm.f64 and gmm.json: correlated columns in two clusters that overlap, as the embeddings of one machine do. */
function writeMixture() {
  const { nRows, nCols, nComponents, nIterations } = GMM;
  const random = seededRandom(SEED, 'bench-mixture');
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const loadings = Array.from({ length: 8 * nCols }, () => 0.5 * normal());
  const data = new Float64Array(nRows * nCols);
  for (let row = 0; row < nRows; row++) {
    const factors = Array.from({ length: 8 }, normal);
    const shift = row % 2 === 0 ? 0 : 0.15;
    for (let col = 0; col < nCols; col++) {
      const shared = factors.reduce((sum, factor, k) => sum + factor * loadings[k * nCols + col], 0);
      data[row * nCols + col] = shift + shared + (0.6 + (col % 5) * 0.1) * normal();
    }
  }
  writeArray('gmm.f64', data);
  const identity = Array.from({ length: nCols }, (_, i) =>
    Array.from({ length: nCols }, (_, j) => Number(i === j)),
  );
  writeJson('gmm.json', {
    nRows,
    nCols,
    nIterations,
    weights: Array(nComponents).fill(1 / nComponents),
    means: Array.from({ length: nComponents }, (_, k) => [...data.subarray(k * nCols, (k + 1) * nCols)]),
    precisions: Array(nComponents).fill(identity),
  });
}
