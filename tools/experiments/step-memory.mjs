// Peak memory of one training step (forward, backward, AdamW) of the extractor and the paper's loss, for several batch
// sizes: the heap of tfjs's WASM backend, which grows and never shrinks, and the resident memory of the process. Each
// batch runs in a process of its own; what does not fit is reported as such.
//
// Usage: node tools/experiments/step-memory.mjs [--ops wasm,tfjs] [--batch 8,16,32,64,96,128] [--shape 224x126] [--steps 2]
// Build first: npm run build
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const N_MACHINE_IDS = 4;
const MIB = 2 ** 20;
const { values } = parseArgs({
  options: {
    ops: { type: 'string', default: 'wasm,tfjs' },
    batch: { type: 'string', default: '8,16,32,64,96,128' },
    shape: { type: 'string', default: '224x126' },
    steps: { type: 'string', default: '2' },
    child: { type: 'boolean', default: false },
  },
});

if (values.child) console.log(JSON.stringify(await measure()));
else printTable();

function printTable() {
  const rows = [['ops', 'batch', 'heap MiB', 'MiB a sample', 'resident MiB', 'ms a sample']];
  for (const ops of values.ops.split(',')) {
    let isFull = false;
    for (const batch of values.batch.split(',').map(Number)) {
      if (isFull) break; // larger ones do not fit either
      const figures = measureInChild(ops, batch);
      isFull = figures === null;
      rows.push([ops, String(batch), ...(figures ?? ['does not fit', '-', '-', '-'])]);
    }
  }
  for (const row of rows) console.log(row.map((cell) => cell.padStart(14)).join(''));
}

function measureInChild(ops, batch) {
  const args = ['--child', '--ops', ops, '--batch', batch, '--shape', values.shape, '--steps', values.steps];
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.status !== 0) {
    console.error(`${ops}, batch ${batch}: ${child.stderr.trim().split('\n').slice(-12).join('\n')}`);
    return null;
  }
  const { heapBytes, rssBytes, msPerSample } = JSON.parse(child.stdout);
  const mib = (bytes) => (bytes / MIB).toFixed(0);
  return [mib(heapBytes), (heapBytes / MIB / batch).toFixed(1), mib(rssBytes), msPerSample.toFixed(0)];
}

async function measure() {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-backend-wasm');
  const { createExtractor } = await import('@serial-oe/efficientnet-extractor');
  const { outlierExposureLoss } = await import('@serial-oe/losses-mixup');
  const { AdamW } = await import('@serial-oe/optimizers');
  const { createWasmOps } = await import('@serial-oe/wasm-kernels');
  const { enableRelaxedSimd } = await import('@serial-oe/wasm-kernels/node');
  enableRelaxedSimd();
  await tf.setBackend('wasm');
  const ops = values.ops === 'wasm' ? { ops: await createWasmOps() } : {};
  const inputShape = values.shape.split('x').map(Number);
  const batch = Number(values.batch);
  const extractor = createExtractor({ nMachineIds: N_MACHINE_IDS, inputShape, ...ops });
  const optimizer = new AdamW({ weightDecay: 0 });
  const x = tf.randomUniform([batch, ...inputShape, 1], 0, 1, 'float32', 1);
  const y = tf.tensor1d(Float32Array.from({ length: batch }, (_, i) => (i < batch / 2 ? 1 : 0)));
  const ids = Float32Array.from({ length: batch * N_MACHINE_IDS }, (_, i) =>
    Math.floor(i / N_MACHINE_IDS) < batch / 2 && i % N_MACHINE_IDS === 0 ? 1 : 0,
  );
  const targets = tf.tensor2d(ids, [batch, N_MACHINE_IDS]);
  let ms = Number.POSITIVE_INFINITY;
  for (let step = 0; step < Number(values.steps); step++) {
    const startedAt = performance.now();
    const { value, grads } = tf.variableGrads(
      () => outlierExposureLoss({ ...extractor.forward(x, { training: true }), y, targets }),
      extractor.variables,
    );
    optimizer.applyGradients(grads);
    value.dataSync();
    tf.dispose([value, grads]);
    ms = Math.min(ms, performance.now() - startedAt);
  }
  const { wasm } = tf.backend();
  const memory = wasm.asm.memory ?? wasm.wasmMemory;
  return {
    heapBytes: memory.buffer.byteLength,
    rssBytes: process.resourceUsage().maxRSS * 1024,
    msPerSample: ms / batch,
  };
}
