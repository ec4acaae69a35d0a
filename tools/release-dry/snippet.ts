// What every app of the dry run does with the packages, in Node, Bun, Deno and a browser alike: sounds, a mel spectrogram, a
// mixture, a detection system that is trained and scores, a network on the WASM backend, and the method's library, which refuses
// what is no model.
import { MelSpectrogram } from '@serial-oe/audio-features';
import { melStatistics } from '@serial-oe/baselines';
import { synthesizeMachineSounds } from '@serial-oe/datasets';
import { createExtractor } from '@serial-oe/efficientnet-extractor';
import { rocAuc } from '@serial-oe/evaluation';
import { GaussianMixture } from '@serial-oe/gmm';
import { createBrowserPlatform } from '@serial-oe/runtime';
import { loadSerialOe, PRESETS } from '@serial-oe/serial-oe';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ones, setBackend } from '@tensorflow/tfjs-core';

/** Resolves with one line, the same in every app. `wasmFolder`: where a page finds the files of the WASM backend. */
export async function use(wasmFolder?: string): Promise<string> {
  if (wasmFolder !== undefined) setWasmPaths(wasmFolder);
  await setBackend('wasm');
  const parts = [melAndMixture(), await detection(), await network(), await refusal()];
  return parts.join(', ');
}

function clipsOfFan() {
  return [
    ...synthesizeMachineSounds({ machineTypes: ['fan'], nIds: 1, nTest: 4, durationSeconds: 4, seed: 1 }),
  ];
}

function melAndMixture(): string {
  const [clip] = clipsOfFan();
  if (clip === undefined) throw new Error('No sounds were made.');
  const mel = new MelSpectrogram({ sampleRate: clip.sampleRate, nMels: 32 });
  const { data, nMels, nFrames } = mel.compute(clip.waveform);
  const frames = Array.from({ length: nFrames }, (_, frame) =>
    Array.from({ length: nMels }, (_, band) => Math.log(1e-6 + (data[band * nFrames + frame] ?? 0))),
  );
  const mixture = new GaussianMixture({ nComponents: 2, covarianceType: 'diag' }).fit(frames);
  return `${nMels} mel bands x ${nFrames}, mixture ${mixture.score(frames).toFixed(2)}`;
}

async function detection(): Promise<string> {
  const clips = clipsOfFan();
  const scorer = await melStatistics.train(
    {
      clips,
      target: { machineType: 'fan' },
      config: melStatistics.resolveConfig(undefined, {}),
      checkpoint: null,
      onProgress() {},
    },
    createBrowserPlatform(),
  );
  const tests = clips.filter(({ split }) => split === 'test');
  const scores: number[] = [];
  for (const { waveform, sampleRate, machineId } of tests) {
    scores.push((await scorer.score(waveform, { sampleRate, machineId })).anomalyScore);
  }
  const labels = tests.map(({ label }) => (label === 'anomaly' ? 1 : 0));
  return `AUC ${rocAuc(labels, scores).toFixed(2)}`;
}

async function network(): Promise<string> {
  const extractor = createExtractor({
    embeddingSize: 8,
    nMachineIds: 2,
    inputShape: [32, 32],
    seed: 1,
    ops: await createWasmOps(),
  });
  const embedding = extractor.embed(ones([1, 32, 32, 1]));
  const values = [...(await embedding.data())];
  embedding.dispose();
  extractor.dispose();
  const norm = Math.hypot(...values);
  if (!(norm > 0)) throw new Error(`The embedding must not vanish, got ${values.join(' ')}.`);
  return `embedding of ${values.length}`;
}

async function refusal(): Promise<string> {
  const name = await loadSerialOe(new Uint8Array([1, 2, 3])).then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
  return `${Object.keys(PRESETS).length} presets, ${name}`;
}
