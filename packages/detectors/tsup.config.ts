import { compileAssembly } from '@serial-oe/tooling/compile-assembly';
import { defineConfig } from 'tsup';

await compileAssembly();

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  keepNames: true, // esbuild renames a class that refers to itself, and the name shows in logs
});
