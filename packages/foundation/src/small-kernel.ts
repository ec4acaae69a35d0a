/**
 * Compiles a kernel that a package carries as text. At less than 4096 bytes it compiles synchronously on the main
 * thread of every browser.
 *
 * @param base64 the bytes of the module.
 * @returns undefined in an engine without WebAssembly or SIMD, and where a page's policy forbids it.
 */
export function compileSmallKernel(base64: string): WebAssembly.Module | undefined {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(bytes)) return undefined;
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined; // a content security policy
    throw error;
  }
}

const PAGE_BYTES = 65_536;
/** Pages of 4 GB, the largest memory. */
const MOST_PAGES = 65_536;

/**
 * A memory of at least so many bytes, rounded up to whole pages.
 *
 * @throws RangeError where it would exceed the 4 GB of WebAssembly, or address space is short.
 */
export function allocateKernelMemory(nBytes: number): WebAssembly.Memory {
  const initial = Math.ceil(nBytes / PAGE_BYTES);
  if (initial <= MOST_PAGES) return new WebAssembly.Memory({ initial });
  throw new RangeError(
    `foundation.allocateKernelMemory: nBytes must be at most ${MOST_PAGES * PAGE_BYTES}, got ${nBytes}.`,
  );
}

/** The functions of a kernel that imports nothing but its memory, on the given one. */
export function instantiateSmallKernel<Functions>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Functions {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Functions;
}
