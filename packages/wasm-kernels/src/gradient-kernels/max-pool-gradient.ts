import {
  backend_util,
  type KernelBackend,
  type KernelFunc,
  type MaxPoolGradAttrs,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {
  GEOMETRY_BYTES,
  type ImageGeometry,
  nInPixels,
  nOutPixels,
  writeGeometry,
} from '../convolution/image-geometry';
import { sizeOf, type WasmRuntime } from '../runtime/wasm-runtime';
import type { RuntimeOf } from './runtime-of-backend';

interface Pooling {
  x: TensorInfo;
  y: TensorInfo;
  dy: TensorInfo;
  geometry: ImageGeometry;
}

/**
 * Kernel `MaxPoolGrad`: the gradient of `maxPool`, `[batch, h, w, channels]`. dy goes to where the maximum of each window was
 * found first. It replaces tfjs's own, which loses the gradient of windows without a positive value.
 */
export function maxPoolGradient(runtimeOf: RuntimeOf): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const { input: x, output: y, dy } = inputs as { input: Tensor; output: Tensor; dy: Tensor };
    const pooling = { x, y, dy, geometry: poolGeometry(x.shape, attrs as unknown as MaxPoolGradAttrs) };
    const runtime = x.size === 0 ? null : runtimeOf(backend as KernelBackend);
    return runtime ? simdGradient(runtime, pooling) : plainGradient(backend as KernelBackend, pooling);
  };
}

function poolGeometry(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolGradAttrs,
): ImageGeometry {
  const shape4D = [...shape] as [number, number, number, number];
  const info = backend_util.computePool2DInfo(shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  return {
    height: {
      inSize: info.inHeight,
      outSize: info.outHeight,
      kernelSize: info.filterHeight,
      stride: info.strideHeight,
      dilation: 1,
      padBefore: info.padInfo.top,
    },
    width: {
      inSize: info.inWidth,
      outSize: info.outWidth,
      kernelSize: info.filterWidth,
      stride: info.strideWidth,
      dilation: 1,
      padBefore: info.padInfo.left,
    },
  };
}

function simdGradient(runtime: WasmRuntime, { x, y, dy, geometry }: Pooling): TensorInfo {
  const [batch, , , nChannels] = x.shape as [number, number, number, number];
  const dx = runtime.makeZeros(x.shape);
  const [inBytes, outBytes] = [4 * nChannels * nInPixels(geometry), 4 * nChannels * nOutPixels(geometry)];
  runtime.withScratch([GEOMETRY_BYTES], ([sizes]) => {
    writeGeometry(runtime, geometry, sizes);
    for (let image = 0; image < batch; image++) {
      const [input, target] = [x, dx].map((info) => runtime.addressOf(info) + image * inBytes);
      const [output, gradient] = [y, dy].map((info) => runtime.addressOf(info) + image * outBytes);
      runtime.kernels.maxPoolGradient(input!, output!, gradient!, target!, sizes, nChannels);
    }
  });
  return dx;
}

/** Without SIMD: value by value, on copies of the data. */
function plainGradient(backend: KernelBackend, { x, y, dy, geometry }: Pooling): TensorInfo {
  const [batch, , , nChannels] = x.shape as [number, number, number, number];
  const [input, output, gradient] = [x, y, dy].map(
    ({ dataId }) => backend.readSync(dataId) as Float32Array,
  ) as [Float32Array, Float32Array, Float32Array];
  const dx = new Float32Array(sizeOf(x.shape));
  const { height, width } = geometry;
  for (let image = 0; image < batch; image++) {
    for (let out = 0; out < nOutPixels(geometry); out++) {
      const taps = tapsOf(geometry, Math.floor(out / width.outSize), out % width.outSize);
      for (let channel = 0; channel < nChannels; channel++) {
        const at = (image * nOutPixels(geometry) + out) * nChannels + channel;
        const first = image * height.inSize * width.inSize;
        const found = taps.find((tap) => input[(first + tap) * nChannels + channel] === output[at]);
        if (found !== undefined) dx[(first + found) * nChannels + channel]! += gradient[at]!;
      }
    }
  }
  return { dataId: backend.write(dx, x.shape, 'float32'), shape: x.shape, dtype: 'float32' };
}

/** Pixels of the input under the window of an output pixel, row by row. */
function tapsOf({ height, width }: ImageGeometry, row: number, column: number): number[] {
  const [top, left] = [row * height.stride - height.padBefore, column * width.stride - width.padBefore];
  const taps: number[] = [];
  for (let i = Math.max(0, top); i < Math.min(height.inSize, top + height.kernelSize); i++) {
    for (let j = Math.max(0, left); j < Math.min(width.inSize, left + width.kernelSize); j++) {
      taps.push(i * width.inSize + j);
    }
  }
  return taps;
}
