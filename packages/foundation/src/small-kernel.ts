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

/** The functions of a kernel that imports nothing but its memory, on the given one. */
export function instantiateSmallKernel<Functions>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Functions {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Functions;
}
