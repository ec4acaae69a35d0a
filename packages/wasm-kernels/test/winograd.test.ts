import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { engine, grads, type Tensor, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core';
import { imageGeometry, type Padding } from '../src/convolution/image-geometry';
import { isQuickerByTiles } from '../src/convolution/winograd';
import { createWasmOps, type WasmOps } from '../src/index';
import { enableRelaxedSimd } from '../src/node';
import { GuardedHeap } from './guarded-heap';
import { randomValues, sizeOf } from './random-values';
import { useBackend } from './use-backend';

interface Case {
  /** `[batch, height, width, channels]` */
  x: [number, number, number, number];
  nOut: number;
  padding: Padding;
}

/** Whole tiles and cut ones, one block and several, several images in a block and blocks within an image. */
// biome-ignore format: a table
const CASES: [string, Case][] = [
  ['whole tiles', { x: [2, 16, 12, 16], nOut: 16, padding: 'same' }],
  ['odd sizes', { x: [3, 13, 23, 24], nOut: 16, padding: 'same' }],
  ['no padding', { x: [2, 15, 21, 16], nOut: 24, padding: 'valid' }],
  ['more padding than the kernel asks for', { x: [2, 11, 14, 16], nOut: 16, padding: [[2, 1], [0, 2]] }],
  ['an image in several blocks', { x: [1, 61, 63, 16], nOut: 32, padding: 'same' }],
  ['many small images', { x: [23, 10, 4, 64], nOut: 64, padding: 'same' }],
  ['fewer outputs than inputs', { x: [5, 20, 8, 64], nOut: 16, padding: 'same' }],
  ['many channels', { x: [4, 10, 4, 128], nOut: 128, padding: 'same' }],
  ['one image', { x: [1, 20, 8, 64], nOut: 64, padding: 'same' }],
];

/** Of the largest value, in float32: some times what the sums over the windows have. */
const TOLERANCE = 5e-6;

interface Values {
  x: Float32Array;
  filter: Float32Array;
  dy: Float32Array;
}

const geometryOf = ({ x, padding }: Case) => imageGeometry([x[1], x[2]], [3, 3], { stride: 1, padding });

/** Output and gradients by the definition, in float64. */
function expectedOf(drawn: Case, { x, filter, dy }: Values): Float64Array[] {
  const [batch, inHeight, inWidth, nIn] = drawn.x;
  const { height, width } = geometryOf(drawn);
  const nOut = drawn.nOut;
  const y = new Float64Array(batch * height.outSize * width.outSize * nOut);
  const [dx, dFilter] = [new Float64Array(x.length), new Float64Array(filter.length)];
  for (let pixel = 0; pixel < y.length / nOut; pixel++) {
    const column = pixel % width.outSize;
    const row = Math.floor(pixel / width.outSize) % height.outSize;
    const image = Math.floor(pixel / width.outSize / height.outSize);
    for (let tap = 0; tap < 9; tap++) {
      const i = row + Math.floor(tap / 3) - height.padBefore;
      const j = column + (tap % 3) - width.padBefore;
      if (i < 0 || i >= inHeight || j < 0 || j >= inWidth) continue;
      for (let c = 0; c < nIn; c++) {
        const xAt = ((image * inHeight + i) * inWidth + j) * nIn + c;
        for (let o = 0; o < nOut; o++) {
          const [wAt, yAt] = [(tap * nIn + c) * nOut + o, pixel * nOut + o];
          y[yAt]! += x[xAt]! * filter[wAt]!;
          dx[xAt]! += dy[yAt]! * filter[wAt]!;
          dFilter[wAt]! += dy[yAt]! * x[xAt]!;
        }
      }
    }
  }
  return [y, dx, dFilter];
}

function actualOf(ops: WasmOps, drawn: Case, { x, filter, dy }: Values): Float32Array[] {
  const { height, width } = geometryOf(drawn);
  const { padding, nOut } = drawn;
  return tidy(() => {
    const inputs = [tensor(x, drawn.x), tensor(filter, [3, 3, drawn.x[3], nOut])];
    const convolve = (a: Tensor, w: Tensor) =>
      ops.conv2d(a as Tensor4D, w as Tensor4D, { stride: 1, padding });
    const y = convolve(inputs[0]!, inputs[1]!);
    const shape = [drawn.x[0], height.outSize, width.outSize, nOut];
    const gradients = grads(convolve)(inputs, tensor(dy, shape));
    return [y, ...gradients].map((result) => result.dataSync() as Float32Array);
  });
}

describe.each(['simd', 'relaxed-simd'] as const)('3 x 3 convolutions by tiles, %s', (simdLevel) => {
  let ops: WasmOps;
  beforeAll(async () => {
    expect(enableRelaxedSimd()).toBe(true);
    await useBackend('wasm');
    ops = await createWasmOps({ simdLevel });
  });

  test.each(CASES)('%s: as by the definition in float64, within their own memory', (_, drawn) => {
    const { height, width } = geometryOf(drawn);
    const channels = { nIn: drawn.x[3], nOut: drawn.nOut };
    expect(isQuickerByTiles({ height, width }, channels, drawn.x[0])).toBe(true);
    const values = {
      x: randomValues(sizeOf(drawn.x), 1),
      filter: randomValues(9 * channels.nIn * channels.nOut, 2),
      dy: randomValues(drawn.x[0] * height.outSize * width.outSize * drawn.nOut, 3),
    };
    const heap = new GuardedHeap();
    const nDataIds = engine().backend.numDataIds();
    try {
      const actual = actualOf(ops, drawn, values);
      heap.check();
      expect(heap.nLive).toBe(0);
      for (const [i, expected] of expectedOf(drawn, values).entries()) {
        const maximum = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
        expectAllClose(actual[i]!, expected, { rtol: 0, atol: TOLERANCE * maximum });
      }
    } finally {
      heap.restore();
    }
    expect(engine().backend.numDataIds()).toBe(nDataIds);
  });
});

describe('by windows instead', () => {
  const channels = { nIn: 64, nOut: 64 };
  const same = (kernel: number, stride: number) =>
    imageGeometry([20, 8], [kernel, kernel], { stride, padding: 'same' });
  test('what has another kernel or a stride', () => {
    expect(isQuickerByTiles(same(3, 1), channels, 8)).toBe(true);
    expect(isQuickerByTiles(same(5, 1), channels, 8)).toBe(false);
    expect(isQuickerByTiles(same(3, 2), channels, 8)).toBe(false);
  });
  test('channels that are not in eights', () => {
    expect(isQuickerByTiles(same(3, 1), { nIn: 60, nOut: 64 }, 8)).toBe(false);
    expect(isQuickerByTiles(same(3, 1), { nIn: 64, nOut: 4 }, 8)).toBe(false);
  });
  test('a few pixels, whose filter is as much work as they', () => {
    const one = imageGeometry([2, 2], [3, 3], { stride: 1, padding: 'same' });
    expect(isQuickerByTiles(one, channels, 1)).toBe(false);
  });
});
