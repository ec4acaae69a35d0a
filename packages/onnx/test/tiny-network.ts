import type { OnnxBlock, OnnxConvolution, OnnxLinear, OnnxNetwork, OnnxWeight } from '../src/index';

/** Uniform in [-1, 1), by a seed. */
export type Random = () => number;

/** mulberry32, the well-known 32-bit generator. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** A network of the same kind as EfficientNet-B0, with a few channels: milliseconds on any runtime. */
export function tinyNetwork(
  inputShape: readonly [number, number],
  {
    seed = 1,
    kernelSize = 3,
    stride = 2,
    embeddingSize = 5,
  }: { seed?: number; kernelSize?: number; stride?: number; embeddingSize?: number } = {},
): OnnxNetwork {
  const random = seededRandom(seed);
  const weight = (...shape: number[]): OnnxWeight => {
    const data = new Float32Array(shape.reduce((product, length) => product * length, 1));
    return { shape, data: data.map(() => 0.5 * random()) };
  };
  const convolution = (
    name: string,
    [size, nIn, nOut]: [number, number, number],
    rest: Partial<OnnxConvolution> = {},
  ): OnnxConvolution => ({
    name,
    filter: rest.isDepthwise ? weight(size, size, nIn, 1) : weight(size, size, nIn, nOut),
    bias: weight(nOut),
    stride: 1,
    isDepthwise: false,
    activation: 'none',
    ...rest,
  });
  const linear = (name: string, nIn: number, nOut: number): OnnxLinear => ({
    name,
    weight: weight(nIn, nOut),
    bias: weight(nOut),
  });
  const block = (name: string, channels: { nIn: number; nMiddle: number; nOut: number }): OnnxBlock => {
    const { nIn, nMiddle, nOut } = channels;
    const isResidual = nIn === nOut;
    return {
      name,
      expand:
        nIn === nMiddle ? null : convolution(`${name}.expand`, [1, nIn, nMiddle], { activation: 'swish' }),
      depthwise: convolution(`${name}.depthwise`, [kernelSize, nMiddle, nMiddle], {
        isDepthwise: true,
        activation: 'swish',
        stride: isResidual ? 1 : stride,
      }),
      squeezeExcite: {
        reduce: linear(`${name}.se.reduce`, nMiddle, 2),
        expand: linear(`${name}.se.expand`, 2, nMiddle),
      },
      project: convolution(`${name}.project`, [1, nMiddle, nOut]),
      hasResidual: isResidual,
    };
  };
  return {
    inputShape,
    embeddingSize,
    stem: convolution('stem', [3, 1, 4], { stride: 2, activation: 'swish' }),
    blocks: [
      block('blocks.0', { nIn: 4, nMiddle: 4, nOut: 3 }),
      block('blocks.1', { nIn: 3, nMiddle: 6, nOut: 3 }),
    ],
    head: convolution('head', [1, 3, 8], { activation: 'swish' }),
    neck: {
      linear1: linear('neck.linear1', 8, embeddingSize),
      slope: 0.25,
      linear2: linear('neck.linear2', embeddingSize, embeddingSize),
    },
  };
}

export function tinyFeatures(
  batch: number,
  [nMels, nFrames]: readonly [number, number],
  seed = 7,
): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: batch * nMels * nFrames }, () => 2 * random());
}
