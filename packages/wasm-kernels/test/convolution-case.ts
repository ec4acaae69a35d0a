import { backend_util } from '@tensorflow/tfjs-core';
import fc from 'fast-check';

export interface ConvolutionCase {
  input: [number, number, number, number];
  kernel: [number, number];
  /** Output channels of a dense convolution, channel multiplier of a depthwise one. */
  nFilters: number;
  strides: [number, number];
  dilations: [number, number];
  pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'ceil';
  seed: number;
}

const strides = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
const margin = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }));

const pads: fc.Arbitrary<ConvolutionCase['pad']> = fc.oneof(
  fc.constant('same' as const),
  fc.constant('valid' as const),
  fc.integer({ min: 0, max: 4 }),
  fc
    .tuple(margin, margin)
    .map(([rows, columns]): backend_util.ExplicitPadding => [[0, 0], rows, columns, [0, 0]]),
);

/** Shapes of convolutions whose output is not empty. */
export function convolutionCases({
  maxFilters,
  maxDilation = 1,
}: {
  maxFilters: number;
  maxDilation?: number;
}): fc.Arbitrary<ConvolutionCase> {
  const size = fc.integer({ min: 1, max: 13 });
  const kernelSize = fc.integer({ min: 1, max: 7 });
  const dilation = fc.integer({ min: 1, max: maxDilation });
  return fc
    .record({
      input: fc.tuple(fc.integer({ min: 1, max: 3 }), size, size, fc.integer({ min: 1, max: 9 })),
      kernel: fc.tuple(kernelSize, kernelSize),
      nFilters: fc.integer({ min: 1, max: maxFilters }),
      strides,
      dilations: fc.tuple(dilation, dilation),
      pad: pads,
      seed: fc.nat(1000),
    })
    .filter((drawn) => outputSize(drawn).every((n) => n >= 1));
}

/** Height and width of the output, as tfjs computes them. */
export function outputSize(drawn: ConvolutionCase): [number, number] {
  const { outHeight, outWidth } = convolutionInfo(drawn);
  return [outHeight, outWidth];
}

export function convolutionInfo({
  input,
  kernel,
  strides,
  dilations,
  pad,
  dimRoundingMode,
}: ConvolutionCase): backend_util.Conv2DInfo {
  const filterShape: [number, number, number, number] = [...kernel, input[3], 1];
  return backend_util.computeConv2DInfo(input, filterShape, strides, dilations, pad, dimRoundingMode);
}
