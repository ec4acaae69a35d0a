import { backend_util } from '@tensorflow/tfjs-core';
import type { ImageGeometry } from '../convolution/image-geometry';

type Shape4D = readonly [number, number, number, number];

/** A 2-d convolution of NHWC tensors. */
export interface ConvolutionGeometry extends ImageGeometry {
  readonly batch: number;
  readonly nInChannels: number;
  readonly nOutChannels: number;
}

/** What tfjs hands to the gradient kernels of convolutions. */
export interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
  dataFormat?: 'NHWC' | 'NCHW';
}

/** The three shapes of a convolution. */
export interface ConvolutionShapes {
  input: readonly number[];
  filter: readonly number[];
  /** Shape of dy. */
  output: readonly number[];
}

/** Whether a tensor of that shape holds no values. */
export function isEmptyShape(shape: readonly number[]): boolean {
  return shape.includes(0);
}

/**
 * Sizes, strides and padding of a convolution.
 *
 * @throws {RangeError} On another layout than NHWC and on shapes that do not fit together.
 */
export function convolutionGeometry(
  kernelName: string,
  { input, filter, output }: ConvolutionShapes,
  attributes: ConvolutionAttributes & { isDepthwise: boolean },
): ConvolutionGeometry {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = 'NHWC', isDepthwise } = attributes;
  if (dataFormat !== 'NHWC') {
    throw new RangeError(
      `wasm-kernels.${kernelName}: dataFormat must be 'NHWC', got '${dataFormat}'. The WASM backend has no other.`,
    );
  }
  const info = backend_util.computeConv2DInfo(
    [...(input as Shape4D)],
    [...(filter as Shape4D)],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
  checkShapes(kernelName, { input, filter, output }, info);
  return {
    batch: info.batchSize,
    nInChannels: info.inChannels,
    nOutChannels: info.outChannels,
    height: {
      inSize: info.inHeight,
      outSize: output[1]!,
      kernelSize: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      padBefore: info.padInfo.top,
    },
    width: {
      inSize: info.inWidth,
      outSize: output[2]!,
      kernelSize: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      padBefore: info.padInfo.left,
    },
  };
}

/**
 * tfjs forgets `dimRoundingMode` on the way back, so that dy may have a row or a column more than the recomputed
 * output. Its height and width count, not those that strides and padding would give: for a number as `pad`, tfjs
 * computes the width by kernel height and vertical stride.
 */
function checkShapes(
  kernelName: string,
  { input, filter, output }: ConvolutionShapes,
  info: backend_util.Conv2DInfo,
): void {
  if (filter[2] !== input[3]) {
    throw new RangeError(
      `wasm-kernels.${kernelName}: the filter must have the input's ${input[3]} channels, got ${filter[2]}.`,
    );
  }
  const excess = output.map((size, axis) => size - info.outShape[axis]!);
  const isExact = excess[0] === 0 && excess[3] === 0;
  const isWithinRounding = [excess[1], excess[2]].every((rows) => rows === 0 || rows === 1);
  if (output.length !== 4 || !isExact || !isWithinRounding) {
    throw new RangeError(
      `wasm-kernels.${kernelName}: dy must have shape [${info.outShape.join(', ')}], got [${output.join(', ')}].`,
    );
  }
}
