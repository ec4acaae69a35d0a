// Compiles assembly/ into src/generated/kernel-binary.ts. Called by the build (tsup.config.ts), by the tests and by the
// type check.
import { fileURLToPath } from 'node:url';
import { compileAssembly as compile } from '../../../tools/workspace/compile-assembly.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** Brings the generated module up to date. */
export function compileAssembly() {
  return compile(PACKAGE, {
    target: 'src/generated/kernel-binary.ts',
    builds: { KERNEL_BINARY: 'simd' },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileAssembly();
