import type { OnnxConvolution, OnnxLinear, OnnxWeight } from './network';
import { type Attributes, DATA_TYPE, type NodeProto, type TensorProto } from './onnx-proto';
import { convolutionFilter, type OnnxWeightType, pointwiseFilter, toTensorProto } from './tensors';

/** A value of the graph with the size of its picture, which SAME padding depends on. */
export interface Feature {
  name: string;
  height: number;
  width: number;
}

interface NodeOptions {
  name: string;
  inputs: readonly string[];
  attributes?: Attributes;
}

/** Collects nodes and initializers; every method adds what computes one layer and returns the name of its result. */
export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #weightType: OnnxWeightType;

  constructor(weightType: OnnxWeightType) {
    this.#weightType = weightType;
  }

  /** A node with one output; `name` is that of both. */
  node(opType: string, { name, inputs, attributes }: NodeOptions): string {
    this.nodes.push({ name, opType, inputs, outputs: [name], ...(attributes && { attributes }) });
    return name;
  }

  convolution(input: Feature, layer: OnnxConvolution): Feature {
    const { name, bias, stride, isDepthwise, activation } = layer;
    const filter = convolutionFilter(layer);
    const [nOut, , size] = filter.shape as [number, number, number];
    const vertical = samePadding(input.height, size, stride);
    const horizontal = samePadding(input.width, size, stride);
    const inputs = [input.name, this.#matrix(`${name}.weight`, filter), this.#vector(`${name}.bias`, bias)];
    const attributes = {
      kernel_shape: [size, size],
      strides: [stride, stride],
      pads: [vertical.before, horizontal.before, vertical.after, horizontal.after],
      group: isDepthwise ? nOut : 1,
    };
    const convolved = this.node('Conv', { name, inputs, attributes });
    return {
      name: activation === 'swish' ? this.#swish(convolved) : convolved,
      height: vertical.outSize,
      width: horizontal.outSize,
    };
  }

  /** Multiplies each channel by its squeeze-excite factor. */
  squeezeExcite(
    input: Feature,
    { name, reduce, expand }: { name: string; reduce: OnnxLinear; expand: OnnxLinear },
  ): Feature {
    const mean = this.node('GlobalAveragePool', { name: `${name}.mean`, inputs: [input.name] });
    const reduced = this.#swish(this.#pointwise(mean, reduce));
    const inputs = [this.#pointwise(reduced, expand)];
    const factors = this.node('Sigmoid', { name: `${name}.factors`, inputs });
    const excited = this.node('Mul', { name: `${name}.excited`, inputs: [input.name, factors] });
    return { ...input, name: excited };
  }

  /** x W + b of `[batch, in]`. */
  linear(input: string, { name, weight, bias }: OnnxLinear, output = name): string {
    const inputs = [input, this.#matrix(`${name}.weight`, weight), this.#vector(`${name}.bias`, bias)];
    return this.node('Gemm', { name: output, inputs });
  }

  prelu(input: string, name: string, slope: number): string {
    const data = Float32Array.of(slope);
    const inputs = [input, this.#vector(`${name}.slope`, { shape: [1], data })];
    return this.node('PRelu', { name, inputs });
  }

  /** x W + b of `[batch, in, 1, 1]`. */
  #pointwise(input: string, layer: OnnxLinear): string {
    const { name, bias } = layer;
    const inputs = [
      input,
      this.#matrix(`${name}.weight`, pointwiseFilter(layer)),
      this.#vector(`${name}.bias`, bias),
    ];
    return this.node('Conv', { name, inputs, attributes: { kernel_shape: [1, 1] } });
  }

  /** As two operators that every runtime knows; those that can, fuse them. */
  #swish(input: string): string {
    const sigmoid = this.node('Sigmoid', { name: `${input}.sigmoid`, inputs: [input] });
    return this.node('Mul', { name: `${input}.swish`, inputs: [input, sigmoid] });
  }

  /** Filters and matrices, which make nearly all of the file. As float16 they are cast to float32 when the file is loaded. */
  #matrix(name: string, weight: OnnxWeight): string {
    if (this.#weightType === 'float32') return this.#vector(name, weight);
    this.initializers.push(toTensorProto(name, weight, 'float16'));
    return this.node('Cast', {
      name: `${name}.float32`,
      inputs: [name],
      attributes: { to: DATA_TYPE.float32 },
    });
  }

  /** Biases and slopes: float32 in every file, since they are small and add up. */
  #vector(name: string, weight: OnnxWeight): string {
    this.initializers.push(toTensorProto(name, weight, 'float32'));
    return name;
  }
}

/** TensorFlow's SAME: ceil(size / stride) outputs, and the odd pixel of the padding after the picture. */
function samePadding(
  size: number,
  kernelSize: number,
  stride: number,
): { before: number; after: number; outSize: number } {
  const outSize = Math.ceil(size / stride);
  const total = Math.max((outSize - 1) * stride + kernelSize - size, 0);
  const before = Math.floor(total / 2);
  return { before, after: total - before, outSize };
}
