import { defineConfig } from 'tsup';
import { compileAssembly } from './scripts/compile-assembly.mjs';

await compileAssembly();

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  splitting: true, // for CommonJS too: both entries share one WavError class
  sourcemap: true,
  clean: true,
});
