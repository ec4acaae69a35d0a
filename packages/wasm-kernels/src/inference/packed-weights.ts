import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, packedRightBytes } from '../runtime/kernel-exports';
import { sizeOf, type WasmRuntime } from '../runtime/wasm-runtime';
import type { FoldedBlock, FoldedConvolution, FoldedNetwork } from './folded-network';

/** A matrix `[k, n]` in the panels of `packRight`, and a bias as long as the panels are wide. */
export interface PackedMatrix {
  panels: Address;
  bias: Address;
  k: number;
  n: number;
}

/** A depthwise filter as `depthwiseSwish` reads it. */
export interface PackedDepthwise {
  filter: Address;
  bias: Address;
  kernelSize: number;
  stride: number;
  nChannels: number;
}

export interface PackedBlock {
  expand: PackedMatrix | null;
  depthwise: PackedDepthwise;
  /** The two linear maps of squeeze-excite. */
  reduce: PackedMatrix;
  restore: PackedMatrix;
  project: PackedMatrix;
  hasResidual: boolean;
}

export interface PackedNetwork {
  stem: PackedMatrix;
  stemKernel: readonly [number, number];
  stemStride: number;
  blocks: readonly PackedBlock[];
  head: PackedMatrix;
  free(): void;
}

/** Copies all weights into the backend's heap, in the order in which the kernels read them. */
export function packNetwork(runtime: WasmRuntime, network: FoldedNetwork): PackedNetwork {
  const heap = new WeightHeap(runtime);
  try {
    const [stemHeight, stemWidth] = network.stem.filter.shape;
    return {
      stem: heap.convolution(network.stem),
      stemKernel: [stemHeight, stemWidth],
      stemStride: network.stemStride,
      blocks: network.blocks.map((block) => packBlock(heap, block)),
      head: heap.convolution(network.head),
      free: () => heap.free(),
    };
  } catch (error) {
    heap.free();
    throw error;
  }
}

function packBlock(heap: WeightHeap, block: FoldedBlock): PackedBlock {
  const { reduceKernel, reduceBias, expandKernel, expandBias } = block.squeezeExcite;
  return {
    expand: block.expand && heap.convolution(block.expand),
    depthwise: heap.depthwise(block.depthwise, block.stride),
    reduce: heap.matrix(reduceKernel, reduceBias),
    restore: heap.matrix(expandKernel, expandBias),
    project: heap.convolution(block.project),
    hasResidual: block.hasResidual,
  };
}

/** Owns the blocks of the heap that hold weights. */
class WeightHeap {
  readonly #runtime: WasmRuntime;
  readonly #frees: (() => void)[] = [];

  constructor(runtime: WasmRuntime) {
    this.#runtime = runtime;
  }

  /** A dense filter as the matrix that its windows are multiplied by. */
  convolution({ filter, bias }: FoldedConvolution): PackedMatrix {
    const [height, width, nIn, nOut] = filter.shape;
    return this.#pack(filter, bias, [height * width * nIn, nOut]);
  }

  matrix(kernel: TensorInfo, bias: TensorInfo): PackedMatrix {
    return this.#pack(kernel, bias, kernel.shape as [number, number]);
  }

  depthwise({ filter, bias }: FoldedConvolution, stride: number): PackedDepthwise {
    const [kernelSize, , nChannels] = filter.shape;
    return {
      filter: this.#put(groupChannels(this.#values(filter), filter.shape)),
      bias: this.#put(padded(this.#values(bias), 4)),
      kernelSize,
      stride,
      nChannels,
    };
  }

  free(): void {
    for (const free of this.#frees.splice(0)) free();
  }

  #pack(matrix: TensorInfo, bias: TensorInfo, [k, n]: readonly [number, number]): PackedMatrix {
    const panels = this.#allocate(packedRightBytes(k, n));
    this.#runtime.kernels.packRight(this.#runtime.addressOf(matrix), panels, k, n);
    return { panels, bias: this.#put(padded(this.#values(bias), 8)), k, n };
  }

  #values(info: TensorInfo): Float32Array {
    return this.#runtime.floats(this.#runtime.addressOf(info), sizeOf(info.shape)).slice();
  }

  #put(values: Float32Array): Address {
    const address = this.#allocate(4 * values.length);
    this.#runtime.floats(address, values.length).set(values);
    return address;
  }

  #allocate(nBytes: number): Address {
    const { addresses, free } = this.#runtime.allocate([nBytes]);
    this.#frees.push(free);
    return addresses[0];
  }
}

/** The values and zeros up to a multiple. */
function padded(values: Float32Array, multiple: number): Float32Array {
  const result = new Float32Array(Math.ceil(values.length / multiple) * multiple);
  result.set(values);
  return result;
}

/** `[kh, kw, channels]` -> `[ceil(channels / 4), kh, kw, 4]`, filled up with zeros. */
function groupChannels(values: Float32Array, [kh, kw, nChannels]: Tensor4D['shape']): Float32Array {
  const nTaps = kh * kw;
  const result = new Float32Array(Math.ceil(nChannels / 4) * nTaps * 4);
  for (let tap = 0; tap < nTaps; tap++) {
    for (let channel = 0; channel < nChannels; channel++) {
      const group = Math.floor(channel / 4);
      result[(group * nTaps + tap) * 4 + (channel % 4)] = values[tap * nChannels + channel]!;
    }
  }
  return result;
}
