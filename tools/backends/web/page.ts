// The page's script, bundled for a browser: the packages by their browser entries.
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { useBackend } from '@serial-oe/serial-oe';
import { env } from '@tensorflow/tfjs-core';
import * as onnxRuntime from 'onnxruntime-web';
import { adapterName } from '../adapter-name';
import { isOnnx, type Job, type JobAnswer, type RuntimeName, type TfjsRuntimeName } from '../job';
import { runJob } from '../run-job';

const BACKENDS: Partial<Record<TfjsRuntimeName, string>> = {
  cpu: 'cpu',
  'wasm-plain': 'wasm',
  'wasm-fused': 'wasm',
  'wasm-simd': 'wasm',
  webgpu: 'webgpu',
};

async function read(name: string): Promise<Uint8Array> {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function run(job: Job): Promise<JobAnswer> {
  setWasmPaths('/tfjs-backend-wasm/');
  onnxRuntime.env.wasm.wasmPaths = '/onnxruntime-web/';
  if (!isOnnx(job.runtime)) await useBackend(BACKENDS[job.runtime]);
  return runJob(job, {
    files: { read, write: () => Promise.reject(new Error('a page writes no files')) },
    onnxRuntime: isOnnx(job.runtime) ? (onnxRuntime as never) : null,
    device: await deviceOf(job.runtime),
  });
}

async function deviceOf(runtime: RuntimeName): Promise<string | null> {
  if (runtime === 'webgpu') return adapterName();
  const isThreaded = !isOnnx(runtime) && (await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'));
  return runtime.startsWith('wasm') && isThreaded ? 'threaded' : null;
}

Object.assign(globalThis, { runJob: run });
