import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';

/** One spatial axis of a convolution: height or width. Sizes in pixels. */
export interface AxisGeometry {
  readonly inSize: number;
  readonly outSize: number;
  readonly kernelSize: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros in front of the input. */
  readonly padBefore: number;
}

/** A 2-d convolution of one image. */
export interface ImageGeometry {
  readonly height: AxisGeometry;
  readonly width: AxisGeometry;
}

/** Bytes of a `Geometry` of assembly/geometry.ts. */
export const GEOMETRY_BYTES = 40;

/** Writes a `Geometry`, which knows no dilation. */
export function writeGeometry(
  runtime: WasmRuntime,
  { height, width }: ImageGeometry,
  address: Address,
): void {
  const fields = ['inSize', 'outSize', 'kernelSize', 'stride', 'padBefore'] as const;
  const values = fields.flatMap((field) => [height[field], width[field]]);
  runtime.integers(address, GEOMETRY_BYTES / 4).set(values);
}

/**
 * Zeros around an image: TensorFlow's SAME (out = ceil(in / stride), the odd pixel of padding behind the input), none, or
 * so many rows above and below and columns to the left and right, `[[top, bottom], [left, right]]`.
 */
export type Padding = 'same' | 'valid' | readonly [readonly [number, number], readonly [number, number]];

/** The geometry of TensorFlow's SAME padding. */
export function sameGeometry(
  [inHeight, inWidth]: readonly [number, number],
  [kernelHeight, kernelWidth]: readonly [number, number],
  stride: number,
): ImageGeometry {
  return {
    height: sameAxis(inHeight, kernelHeight, stride),
    width: sameAxis(inWidth, kernelWidth, stride),
  };
}

/** The geometry of a convolution without dilation. */
export function imageGeometry(
  [inHeight, inWidth]: readonly [number, number],
  [kernelHeight, kernelWidth]: readonly [number, number],
  { stride, padding }: { stride: number; padding: Padding },
): ImageGeometry {
  if (padding === 'same') return sameGeometry([inHeight, inWidth], [kernelHeight, kernelWidth], stride);
  const [rows, columns] = padding === 'valid' ? [[0, 0] as const, [0, 0] as const] : padding;
  return {
    height: paddedAxis(inHeight, kernelHeight, { stride, padding: rows }),
    width: paddedAxis(inWidth, kernelWidth, { stride, padding: columns }),
  };
}

function sameAxis(inSize: number, kernelSize: number, stride: number): AxisGeometry {
  const outSize = Math.ceil(inSize / stride);
  const padding = Math.max(0, (outSize - 1) * stride + kernelSize - inSize);
  return { inSize, outSize, kernelSize, stride, dilation: 1, padBefore: Math.floor(padding / 2) };
}

function paddedAxis(
  inSize: number,
  kernelSize: number,
  { stride, padding: [padBefore, padAfter] }: { stride: number; padding: readonly [number, number] },
): AxisGeometry {
  const outSize = Math.floor((inSize + padBefore + padAfter - kernelSize) / stride) + 1;
  return { inSize, outSize, kernelSize, stride, dilation: 1, padBefore };
}

export const nInPixels = ({ height, width }: ImageGeometry): number => height.inSize * width.inSize;

export const nOutPixels = ({ height, width }: ImageGeometry): number => height.outSize * width.outSize;
