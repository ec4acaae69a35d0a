// The forward pass by its definition, in float64: the reference that the runtimes are compared with.
import type { OnnxConvolution, OnnxLinear, OnnxNetwork } from '../src/index';

interface Picture {
  height: number;
  width: number;
  nChannels: number;
  /** Row-major, channels last. */
  data: Float64Array;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const swish = (x: number) => x * sigmoid(x);

/** Embeddings `[batch, embeddingSize]` of spectrograms `[batch, nMels, nFrames]`. */
export function referenceForward(network: OnnxNetwork, features: Float32Array, batch: number): number[] {
  const [height, width] = network.inputShape;
  const size = height * width;
  return Array.from({ length: batch }, (_, i) => {
    const data = Float64Array.from(features.subarray(i * size, (i + 1) * size));
    return embed(network, { height, width, nChannels: 1, data });
  }).flat();
}

function embed({ stem, blocks, head, neck }: OnnxNetwork, input: Picture): number[] {
  let picture = convolve(input, stem);
  for (const { expand, depthwise, squeezeExcite, project, hasResidual } of blocks) {
    const skipped = picture;
    const filtered = convolve(expand === null ? picture : convolve(picture, expand), depthwise);
    const reduced = apply(squeezeExcite.reduce, means(filtered)).map(swish);
    const factors = apply(squeezeExcite.expand, reduced).map(sigmoid);
    filtered.data.forEach((value, i) => {
      filtered.data[i] = value * factors[i % filtered.nChannels]!;
    });
    picture = convolve(filtered, project);
    if (hasResidual) picture = { ...picture, data: picture.data.map((value, i) => value + skipped.data[i]!) };
  }
  const hidden = apply(neck.linear1, means(convolve(picture, head)));
  return apply(
    neck.linear2,
    hidden.map((x) => Math.max(x, 0) + neck.slope * Math.min(x, 0)),
  );
}

/** TensorFlow's SAME padding: ceil(size / stride) outputs; of an odd padding the larger half comes after. */
function convolve(input: Picture, layer: OnnxConvolution): Picture {
  const { filter, bias, stride, isDepthwise, activation } = layer;
  const [size, , nIn, last] = filter.shape as [number, number, number, number];
  const nOut = isDepthwise ? nIn : last;
  const [height, width] = [Math.ceil(input.height / stride), Math.ceil(input.width / stride)];
  const padding = (length: number, outLength: number) =>
    Math.floor(Math.max((outLength - 1) * stride + size - length, 0) / 2);
  const [top, left] = [padding(input.height, height), padding(input.width, width)];
  const data = new Float64Array(height * width * nOut);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let o = 0; o < nOut; o++) {
        let sum = bias.data[o]!;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) {
            const [row, col] = [y * stride - top + dy, x * stride - left + dx];
            if (row < 0 || row >= input.height || col < 0 || col >= input.width) continue;
            const pixel = (row * input.width + col) * input.nChannels;
            const tap = dy * size + dx;
            if (isDepthwise) sum += input.data[pixel + o]! * filter.data[tap * nIn + o]!;
            else
              for (let i = 0; i < nIn; i++)
                sum += input.data[pixel + i]! * filter.data[(tap * nIn + i) * nOut + o]!;
          }
        }
        data[(y * width + x) * nOut + o] = activation === 'swish' ? swish(sum) : sum;
      }
    }
  }
  return { height, width, nChannels: nOut, data };
}

function means({ data, nChannels }: Picture): number[] {
  const sums = new Array<number>(nChannels).fill(0);
  data.forEach((value, i) => {
    sums[i % nChannels]! += value;
  });
  return sums.map((sum) => (sum * nChannels) / data.length);
}

function apply({ weight, bias }: OnnxLinear, x: readonly number[]): number[] {
  return Array.from(bias.data, (offset, o) =>
    x.reduce((sum, value, i) => sum + value * weight.data[i * bias.data.length + o]!, offset),
  );
}
