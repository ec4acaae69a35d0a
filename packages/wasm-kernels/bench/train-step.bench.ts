// A training step of EfficientNet-B0 (forward and backward) with the operations of this package, in both builds, against
// the pure tfjs operations of the extractor on the same backend. CPU time of this process, median of five steps, in ms a
// sample; and what the WASM heap has grown to. Each row runs in a process of its own, since a heap never shrinks.
// Run: npm run bench, after building @serial-oe/efficientnet-extractor.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createExtractor, createTfOps, type ExtractorOps } from '@serial-oe/efficientnet-extractor';
import {
  customGrad,
  dispose,
  engine,
  type GradSaveFunc,
  mean,
  mul,
  range,
  reshape,
  type Scalar,
  setBackend,
  sin,
  square,
  type Tensor,
  type Tensor4D,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { createWasmOps } from '../src/index';
import { enableRelaxedSimd } from '../src/node';

const SIZES = [
  [224, 126, 16],
  [224, 126, 32],
  [128, 63, 32],
] as const;
const OPS: Record<string, () => Promise<ExtractorOps>> = {
  tfjs: async () => createTfOps(),
  simd: () => createWasmOps({ simdLevel: 'simd' }),
  'relaxed-simd': () => createWasmOps({ simdLevel: 'relaxed-simd' }),
};
const N_STEPS = 5;

/** Mean of squares with a gradient of its own: tfjs-core alone has none. */
const meanSquare = customGrad((...args: (Tensor | GradSaveFunc)[]) => {
  const [x, save] = args as [Tensor, GradSaveFunc];
  save([x]);
  return {
    value: mean(square(x)) as Scalar,
    gradFunc: (dy: Scalar, [saved]: Tensor[]) => mul(mul(saved!, 2 / saved!.size), dy),
  };
});

async function measure(opsName: string, [nMels, nFrames, batch]: readonly number[]): Promise<void> {
  enableRelaxedSimd();
  await setBackend('wasm');
  const ops = await OPS[opsName]!();
  const extractor = createExtractor({ nMachineIds: 0, inputShape: [nMels!, nFrames!], ops });
  const x = tidy(() =>
    reshape(sin(mul(range(0, batch! * nMels! * nFrames!), 0.37)), [batch!, nMels!, nFrames!, 1]),
  ) as Tensor4D;
  const variables = extractor.variables.filter(({ name }) => !name.includes('type_head'));
  const step = () => {
    const { value, grads } = variableGrads(
      () => meanSquare(extractor.forward(x, { training: true }).embedding),
      variables,
    );
    dispose([value, grads]);
  };
  step();
  const times = Array.from({ length: N_STEPS }, () => {
    const start = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / batch!;
  }).sort((a, b) => a - b);
  const heap = (engine().backend as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const size = `${nMels} x ${nFrames}, batch ${batch}`;
  const median = times[N_STEPS >> 1]!.toFixed(1);
  console.log(
    `${size.padEnd(22)} ${opsName.padEnd(13)} ${median.padStart(6)} ms/sample   heap ${(heap / 1e6).toFixed(0)} MB`,
  );
}

const [opsName, ...size] = process.argv.slice(2);
if (opsName) {
  await measure(opsName, size.map(Number));
} else {
  for (const each of SIZES) {
    for (const name of Object.keys(OPS)) {
      const args = [...process.execArgv, fileURLToPath(import.meta.url), name, ...each.map(String)];
      spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    }
  }
}
