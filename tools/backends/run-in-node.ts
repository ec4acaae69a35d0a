// A Node process for one job, so that no backend meets another: reads the job from a file and prints the answer.
//   tsx tools/backends/run-in-node.ts JOB.json
import { readFile, writeFile } from 'node:fs/promises';
import { loadOnnxRuntime } from '@serial-oe/onnx';
import { type BackendName, startBackend } from '@serial-oe/runtime/node';
import { adapterName } from './adapter-name';
import { isOnnx, type Job, type TfjsRuntimeName } from './job';
import { runJob } from './run-job';

/** `--backend` of the command. */
const BACKENDS: Record<TfjsRuntimeName, BackendName> = {
  cpu: 'cpu',
  'wasm-plain': 'wasm',
  'wasm-fused': 'wasm',
  'wasm-simd': 'wasm',
  'tfjs-node': 'node',
  webgpu: 'webgpu',
};

const job = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as Job;
try {
  const onnxRuntime = isOnnx(job.runtime) ? await loadOnnxRuntime(job.runtime) : null;
  if (!isOnnx(job.runtime)) await startBackend(BACKENDS[job.runtime]);
  const answer = await runJob(job, {
    files: { read: readFile, write: writeFile },
    onnxRuntime,
    device: job.runtime === 'webgpu' ? await adapterName() : null,
  });
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
} catch (error) {
  const { name, message } = error as Error;
  // A missing package or device is told in words; whatever else is a fault and shows where.
  const isMissing = name === 'BackendError' || name === 'OnnxRuntimeError';
  process.stderr.write(`${isMissing ? message : (error as Error).stack}\n`);
  process.exit(isMissing ? 3 : 1);
}
