// Compiles assembly/ into src/generated/kernel-binaries.ts, once with plain and once with relaxed SIMD. Called by the
// build (tsup.config.ts), by the tests and by the type check.
import { fileURLToPath } from 'node:url';
import { compileAssembly as compile } from '../../../tools/workspace/compile-assembly.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Brings the generated module up to date. */
export function compileAssembly() {
  return compile(PACKAGE, {
    target: 'src/generated/kernel-binaries.ts',
    builds: { SIMD_KERNELS: 'simd', RELAXED_SIMD_KERNELS: 'simd,relaxed-simd' },
    options: [
      ...['--maximumMemory', '65536'], // what the import's type must allow for a shared memory, whose flag the loader sets
      ...['--disableWarning', '201'], // implicit conversions between usize and i32, which are one on wasm32
    ],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileAssembly();
