// The gradient kernels in both SIMD builds and as the compositions that stand in for them without SIMD, against the plain
// way out: the kernel of the cpu backend on copies of the data. Layers of EfficientNet-B0 and of a small residual network,
// batch 2 (the cpu kernels take long). Run: npm run bench
import {
  add,
  type backend_util,
  clone,
  engine,
  findBackend,
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type NamedTensorMap,
  setBackend,
  type Tensor,
  type TensorInfo,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { prepareRuntimes } from '../src/gradient-kernels/runtime-of-backend';
import { registerWasmTrainingKernels } from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import { registerGradientKernels } from '../test/register-gradient-kernels';

interface CpuBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: string, values: Float32Array): TensorInfo;
}

type Layer = { size: [number, number, number]; kernel: number; stride: number; nOut: number };

const BATCH = 2;
const DEPTHWISE: Omit<Layer, 'nOut'>[] = [
  { size: [112, 63, 32], kernel: 3, stride: 1 },
  { size: [112, 63, 96], kernel: 3, stride: 2 },
  { size: [56, 32, 144], kernel: 5, stride: 2 },
  { size: [14, 8, 672], kernel: 5, stride: 1 },
];
const DENSE: Layer[] = [
  { size: [224, 126, 1], kernel: 3, stride: 2, nOut: 32 },
  { size: [56, 32, 144], kernel: 1, stride: 1, nOut: 24 },
  { size: [28, 28, 64], kernel: 3, stride: 1, nOut: 64 },
  { size: [28, 28, 64], kernel: 3, stride: 2, nOut: 128 },
];

const wave = (shape: number[], phase: number): Tensor => {
  const length = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length }, (_, i) => Math.sin(0.1 * i + phase)),
    shape,
  );
};

/** Median time in ms, after a run to warm up where there are several. Each run gets fresh inputs, as a training step does. */
function measure(inputs: NamedTensorMap, nRuns: number, run: (inputs: NamedTensorMap) => Tensor): number {
  const times = Array.from({ length: nRuns > 1 ? nRuns + 1 : 1 }, () =>
    tidy(() => {
      const fresh = Object.fromEntries(
        Object.entries(inputs).map(([name, x]) => [name, add(x, 0) as Tensor]),
      );
      const start = performance.now();
      run(fresh);
      return performance.now() - start;
    }),
  );
  return times.slice(-nRuns).sort((a, b) => a - b)[nRuns >> 1]!;
}

function runOnCpuKernel(kernelName: string, inputs: NamedTensorMap, attrs: NamedAttrMap): Tensor {
  const cpu = findBackend('cpu') as CpuBackend;
  const copies: NamedTensorInfoMap = Object.fromEntries(
    Object.entries(inputs).map(([name, x]) => [
      name,
      cpu.makeTensorInfo(x.shape, 'float32', x.dataSync() as Float32Array),
    ]),
  );
  const output = getKernel(kernelName, 'cpu').kernelFunc({
    inputs: copies,
    attrs,
    backend: cpu,
  }) as TensorInfo;
  const values = cpu.readSync(output.dataId) as backend_util.TypedArray as Float32Array;
  for (const info of [...Object.values(copies), output]) cpu.disposeData((info as TensorInfo).dataId);
  return tensor(values, output.shape);
}

enableRelaxedSimd();
await setBackend('cpu');
await setBackend('wasm');
await registerWasmTrainingKernels();
const VARIANTS = [
  ['simd', await prepareRuntimes('simd')],
  ['relaxed', await prepareRuntimes('relaxed-simd')],
  ['composed', () => null],
] as const;

function report(
  title: string,
  kernelName: string,
  { inputs, attrs }: { inputs: NamedTensorMap; attrs: object },
): void {
  const columns = VARIANTS.map(([name, runtimeOf]) => {
    registerGradientKernels(runtimeOf);
    const ms = measure(inputs, 9, (fresh) => engine().runKernel(kernelName, fresh, attrs as NamedAttrMap));
    return `${name} ${ms.toFixed(2).padStart(6)} ms`;
  });
  const theirs = measure(inputs, 1, (fresh) => runOnCpuKernel(kernelName, fresh, attrs as NamedAttrMap));
  columns.push(`cpu ${theirs.toFixed(0).padStart(6)} ms`);
  console.log(`${kernelName.padEnd(36)} ${title.padEnd(32)} ${columns.join('   ')}`);
}

for (const { size, kernel, stride } of DEPTHWISE) {
  const [height, width, nChannels] = size;
  const title = `${size.join(' x ')}, ${kernel}x${kernel}, stride ${stride}`;
  const inputShape = [BATCH, ...size];
  const filterShape = [kernel, kernel, nChannels, 1];
  const dyShape = [BATCH, Math.ceil(height / stride), Math.ceil(width / stride), nChannels];
  const attrs = { strides: stride, pad: 'same', dilations: 1 };
  tidy(() => {
    const [x, dy, filter] = [wave(inputShape, 0), wave(dyShape, 1), wave(filterShape, 2)];
    report(title, 'DepthwiseConv2dNativeBackpropInput', {
      inputs: { dy, filter },
      attrs: { ...attrs, inputShape },
    });
    report(title, 'DepthwiseConv2dNativeBackpropFilter', {
      inputs: { x, dy },
      attrs: { ...attrs, filterShape },
    });
  });
}
for (const { size, kernel, stride, nOut } of DENSE) {
  const [height, width, nIn] = size;
  const title = `${size.join(' x ')} -> ${nOut}, ${kernel}x${kernel}, stride ${stride}`;
  const dyShape = [BATCH, Math.ceil(height / stride), Math.ceil(width / stride), nOut];
  const filterShape = [kernel, kernel, nIn, nOut];
  tidy(() => {
    const inputs = { x: wave([BATCH, ...size], 0), dy: wave(dyShape, 1) };
    report(title, 'Conv2DBackpropFilter', {
      inputs,
      attrs: {
        strides: stride,
        pad: 'same',
        dataFormat: 'NHWC',
        filterShape,
      },
    });
  });
}
const cloned = tidy(() => measure({ x: wave([BATCH, 112, 63, 96], 0) }, 21, ({ x }) => clone(x!)));
const copied = tidy(() => measure({ x: wave([BATCH, 112, 63, 96], 0) }, 21, ({ x }) => add(x!, 0)));
console.log(`Identity of 2 x 112 x 63 x 96: ${cloned.toFixed(3)} ms, a copy takes ${copied.toFixed(1)} ms`);
