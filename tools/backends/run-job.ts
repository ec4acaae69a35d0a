// Runs in Node and in a page: the backend of the runtime is active already.
import { decodeWav, toMono } from '@serial-oe/audio-features';
import { createTfOps, type ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { OnnxRuntime } from '@serial-oe/onnx';
import { FrontEnd, loadSerialOe } from '@serial-oe/serial-oe';
import { createWasmOps } from '@serial-oe/wasm-kernels';
import { getBackend } from '@tensorflow/tfjs-core';
import { isOnnx, type Job, type JobAnswer, type JobFiles, type RuntimeName } from './job';
import { foldedNetwork, layeredNetwork } from './open-network';
import { trainingSteps } from './training-steps';

/** Where a job runs. */
export interface JobHost {
  files: JobFiles;
  /** The imported module, for the runtimes of ONNX. */
  onnxRuntime: OnnxRuntime | null;
  /** The device behind the backend, where there is a choice. */
  device: string | null;
}

/** Scores the clips of a job, and makes its training steps. */
export async function runJob(job: Job, host: JobHost): Promise<JobAnswer> {
  const { runtime, training } = job;
  const ops = isOnnx(runtime) ? undefined : await operationsOf(runtime);
  const scored = job.bundle === null ? { scores: [], ms: [] } : await scoreClips(job, ops, host);
  const by = ops === undefined ? [runtime] : [getBackend(), ops.name, host.device];
  return {
    ...scored,
    computedBy: by.filter((part) => part !== null).join(', '),
    training: training && (await trainingSteps(training, { ops, files: host.files })),
  };
}

/** SIMD kernels where the runtime is named by them, pure tfjs for all others. */
async function operationsOf(runtime: RuntimeName): Promise<ExtractorOps> {
  return runtime === 'wasm-simd' ? createWasmOps() : createTfOps();
}

async function scoreClips(
  { runtime, bundle, clips }: Job,
  ops: ExtractorOps | undefined,
  { files, onnxRuntime }: JobHost,
): Promise<Pick<JobAnswer, 'scores' | 'ms'>> {
  const bytes = await files.read(bundle as string);
  const model = await loadSerialOe(bytes, onnxRuntime === null ? { ops } : { runtime: onnxRuntime });
  const network =
    ops !== undefined && runtime === 'wasm-plain' ? layeredNetwork(model, ops) : foldedNetwork(model);
  const frontEnd = new FrontEnd(model.config.frontEnd);
  const scores: number[] = [];
  const ms: number[] = [];
  for (const { wav, machineId } of clips) {
    const { channels, sampleRate } = decodeWav(await files.read(wav));
    const waveform = frontEnd.toSampleRate(toMono(channels), { sampleRate, name: wav });
    const spectrograms = frontEnd.clipSpectrograms(waveform, model.parts.amplitude);
    if (scores.length === 0) await network.score(spectrograms, machineId); // shaders are compiled at the first use
    const startedAt = performance.now();
    scores.push(await network.score(spectrograms, machineId));
    ms.push(performance.now() - startedAt);
  }
  network.dispose();
  model.dispose();
  return { scores, ms };
}
