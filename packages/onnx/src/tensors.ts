import { toFloat16 } from './float16';
import type { OnnxConvolution, OnnxLinear, OnnxWeight } from './network';
import { DATA_TYPE, type TensorProto } from './onnx-proto';

/** How a file holds the weights. */
export type OnnxWeightType = 'float32' | 'float16';

/** `[size, size, in, out]`, or `[size, size, channels, 1]` where depthwise, as ONNX has filters: `[out, in / groups, size, size]`. */
export function convolutionFilter({ filter, isDepthwise }: OnnxConvolution): OnnxWeight {
  const [size, , nIn, nOut] = filter.shape as [number, number, number, number];
  const nPixels = size * size;
  return isDepthwise
    ? { shape: [nIn, 1, size, size], data: transpose(filter.data, nPixels, nIn) }
    : { shape: [nOut, nIn, size, size], data: transposeFilter(filter.data, { nPixels, nIn, nOut }) };
}

/** `[in, out]` as the filter of a 1 x 1 convolution, `[out, in, 1, 1]`. */
export function pointwiseFilter({ weight }: OnnxLinear): OnnxWeight {
  const [nIn, nOut] = weight.shape as [number, number];
  return { shape: [nOut, nIn, 1, 1], data: transpose(weight.data, nIn, nOut) };
}

/**
 * An initializer of the file.
 * @throws RangeError for values beyond float16's largest, 65,504, where that was asked for
 */
export function toTensorProto(name: string, { shape, data }: OnnxWeight, type: OnnxWeightType): TensorProto {
  return type === 'float16'
    ? { name, dims: shape, dataType: DATA_TYPE.float16, rawData: littleEndian(toFloat16(data, name)) }
    : { name, dims: shape, dataType: DATA_TYPE.float32, rawData: littleEndian(data) };
}

function transpose(data: Float32Array, nRows: number, nCols: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < nRows; row++) {
    for (let col = 0; col < nCols; col++) result[col * nRows + row] = data[row * nCols + col]!;
  }
  return result;
}

function transposeFilter(
  data: Float32Array,
  { nPixels, nIn, nOut }: { nPixels: number; nIn: number; nOut: number },
): Float32Array {
  const result = new Float32Array(data.length);
  for (let pixel = 0; pixel < nPixels; pixel++) {
    for (let i = 0; i < nIn; i++) {
      for (let o = 0; o < nOut; o++)
        result[(o * nIn + i) * nPixels + pixel] = data[(pixel * nIn + i) * nOut + o]!;
    }
  }
  return result;
}

function littleEndian(values: Float32Array | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(values.length * values.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array)
    for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
  else for (let i = 0; i < values.length; i++) view.setUint16(2 * i, values[i]!, true);
  return bytes;
}
