import { KERNEL_BINARY } from './generated/kernel-binary';

/** The functions of assembly/index.ts; addresses and strides in bytes. */
export interface Kernels {
  windowAndTransform4: WindowAndTransform;
  windowAndTransform2: WindowAndTransform;
  combine4(...addresses: [z: number, end: number, length: number, factors: number]): void;
  powers: SplitSpectrum;
  magnitudes: SplitSpectrum;
  sumBands(
    ...addresses: [
      spectrum: number,
      firstBins: number,
      rise: number,
      scales: number,
      nMels: number,
      out: number,
      stride: number,
    ]
  ): void;
}

type WindowAndTransform = (
  ...addresses: [
    frame: number,
    nextFrame: number,
    window: number,
    offsets: number,
    nTransforms: number,
    out: number,
  ]
) => void;
type SplitSpectrum = (...addresses: [z: number, half: number, factors: number, out: number]) => void;

/**
 * The kernels on the given memory. At less than 4096 bytes they compile synchronously on the main thread of every browser.
 *
 * @throws WebAssembly.CompileError where the engine has no SIMD or the page's policy forbids WebAssembly;
 *   ReferenceError where there is no WebAssembly.
 */
export function createKernels(memory: WebAssembly.Memory): Kernels {
  const module = new WebAssembly.Module(kernelBytes());
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** Whether this engine has WebAssembly with SIMD; a page's policy may forbid it nevertheless. */
export function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(kernelBytes());
}

function kernelBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(KERNEL_BINARY), (character) => character.charCodeAt(0));
}
