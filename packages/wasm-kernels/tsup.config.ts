import { compileAssembly } from '@serial-oe/tooling/compile-assembly';
import { defineConfig } from 'tsup';

// Of the options under "assembly" in package.json, --maximumMemory is what the import's type must allow for a shared memory,
// whose flag the loader sets; warning 201 is about implicit conversions between usize and i32, which are one on wasm32.
await compileAssembly();

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  splitting: true, // for CommonJS too: both entries share what they have in common
  sourcemap: true,
  clean: true,
});
