import { compileAssembly } from '@serial-oe/tooling/compile-assembly';
import { defineConfig } from 'tsup';

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
