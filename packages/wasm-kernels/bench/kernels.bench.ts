// The kernels alone, at sizes of EfficientNet-B0 on 224 x 126, in both builds by turns: matrix products and depthwise
// convolutions in GMAC/s, the passes of BatchNorm in ns a value. Best of nine, CPU time. Run: npm run bench
import { enableRelaxedSimd } from '../src/node';
import type { KernelExports } from '../src/runtime/kernel-exports';
import { bindKernels, compileKernels } from '../src/runtime/load-kernels';

const MEBI = 2 ** 20;
const N_TURNS = 9;
/** Multiply-adds or values of one measurement. */
const WORK = { mac: 2e8, value: 5e7 };

enableRelaxedSimd();
const memory = new WebAssembly.Memory({ initial: 2048, maximum: 65_536 });
const builds = await Promise.all(
  (['simd', 'relaxed-simd'] as const).map(async (level) =>
    bindKernels(await compileKernels(level, false), memory),
  ),
);
/** Places for small vectors, the sizes of an image, and three tensors. */
const [vectors, geometry, a, b, c] = [MEBI, 4 * MEBI, 8 * MEBI, 40 * MEBI, 80 * MEBI] as const;
new Float32Array(memory.buffer).forEach((_, i, values) => {
  values[i] = Math.sin(i * 0.37);
});

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The work of one call: multiplications with an addition, or values passed over. */
interface Work {
  unit: 'mac' | 'value';
  size: number;
}

function report(title: string, { unit, size }: Work, run: (kernels: KernelExports) => void): void {
  const nRuns = Math.ceil(WORK[unit] / size);
  const best = builds.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < N_TURNS; turn++) {
    for (const [i, kernels] of builds.entries()) {
      const start = cpuTime();
      for (let j = 0; j < nRuns; j++) run(kernels);
      best[i] = Math.min(best[i]!, (cpuTime() - start) / nRuns);
    }
  }
  const columns = best.map((microseconds) =>
    unit === 'mac'
      ? `${(size / microseconds / 1000).toFixed(1).padStart(5)} GMAC/s`
      : `${((1000 * microseconds) / size).toFixed(2).padStart(5)} ns`,
  );
  console.log(`${title.padEnd(48)} simd ${columns[0]}   relaxed-simd ${columns[1]}`);
}

for (const [m, k, n] of [
  [512, 16, 96],
  [448, 24, 144],
  [112, 480, 112],
  [64, 192, 1152],
] as const) {
  report(`multiply ${m} x ${k} x ${n}`, { unit: 'mac', size: m * k * n }, (kernels) =>
    kernels.multiply(a, b, c, m, k, n),
  );
  report(`multiplyTransposed ${m} x ${k} x ${n}`, { unit: 'mac', size: m * k * n }, (kernels) =>
    kernels.multiplyTransposed(a, b, c, m, k, n),
  );
}
for (const [height, width, nChannels, size, stride] of [
  [112, 63, 32, 3, 1],
  [112, 63, 96, 3, 2],
  [28, 16, 240, 5, 1],
  [14, 8, 672, 5, 2],
] as const) {
  const [outHeight, outWidth] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const padding = (inSize: number, outSize: number) =>
    Math.max(0, (outSize - 1) * stride + size - inSize) >> 1;
  new Int32Array(memory.buffer, geometry, 10).set([
    ...[height, width, outHeight, outWidth, size, size, stride, stride],
    ...[padding(height, outHeight), padding(width, outWidth)],
  ]);
  const nMacs = outHeight * outWidth * nChannels * size * size;
  const title = `${height} x ${width} x ${nChannels}, ${size} x ${size}, stride ${stride}`;
  report(`depthwise ${title}`, { unit: 'mac', size: nMacs }, (kernels) =>
    kernels.depthwise(a, vectors, b, geometry, nChannels),
  );
  report(`  its gradient for the input`, { unit: 'mac', size: nMacs }, (kernels) =>
    kernels.depthwiseInputGradient(b, vectors, c, geometry, nChannels),
  );
  report(`  its gradient for the filter`, { unit: 'mac', size: nMacs }, (kernels) =>
    kernels.depthwiseFilterGradient(a, b, vectors, geometry, nChannels),
  );
}
for (const [rows, n] of [
  [400, 96],
  [100, 672],
] as const) {
  const passes: [string, (kernels: KernelExports) => void][] = [
    ['gatherStatistics', (kernels) => kernels.gatherStatistics(a, rows, n, vectors)],
    ['normalize, swish', (kernels) => kernels.normalize(a, rows, n, vectors, 1, 0, b)],
    ['normalizeWithSlope', (kernels) => kernels.normalizeWithSlope(a, rows, n, vectors, b, c)],
    [
      'gatherNormGradient, swish',
      (kernels) => kernels.gatherNormGradient(a, b, rows, n, vectors, 1, c, 2 * vectors),
    ],
    [
      'gatherScaledGradient',
      (kernels) => kernels.gatherScaledGradient(a, b, c, rows, n, vectors, c, 2 * vectors),
    ],
    ['normInputGradient', (kernels) => kernels.normInputGradient(a, b, rows, n, vectors, c)],
  ];
  for (const [name, run] of passes) report(`${name} ${rows} x ${n}`, { unit: 'value', size: rows * n }, run);
}
