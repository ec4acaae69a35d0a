import type { Address } from '../runtime/kernel-exports';
import type { WasmRuntime } from '../runtime/wasm-runtime';

/** A convolution with TensorFlow's SAME padding. Height, then width. */
export interface SameGeometry {
  inSize: readonly [number, number];
  outSize: readonly [number, number];
  kernelSize: readonly [number, number];
  stride: number;
}

/** Bytes of a `Geometry` of assembly/geometry.ts. */
export const GEOMETRY_BYTES = 40;

export function sameGeometry(
  inSize: readonly [number, number],
  kernelSize: readonly [number, number],
  stride: number,
): SameGeometry {
  const outSize = [Math.ceil(inSize[0] / stride), Math.ceil(inSize[1] / stride)] as const;
  return { inSize, outSize, kernelSize, stride };
}

/** Writes a `Geometry`. */
export function writeGeometry(
  runtime: WasmRuntime,
  { inSize, outSize, kernelSize, stride }: SameGeometry,
  address: Address,
): void {
  const padBefore = ([0, 1] as const).map((axis) =>
    Math.floor(Math.max(0, (outSize[axis] - 1) * stride + kernelSize[axis] - inSize[axis]) / 2),
  );
  runtime
    .integers(address, GEOMETRY_BYTES / 4)
    .set([...inSize, ...outSize, ...kernelSize, ...[stride, stride], ...padBefore]);
}
