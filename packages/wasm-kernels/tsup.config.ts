import { defineConfig } from 'tsup';
import { compileAssembly } from './scripts/compile-assembly.mjs';

export default defineConfig(async () => {
  await compileAssembly();
  return {
    entry: ['src/index.ts', 'src/node.ts'],
    format: ['esm', 'cjs'],
    target: 'es2022',
    dts: true,
    splitting: true, // for CommonJS too: both entries share what they have in common
    sourcemap: true,
    clean: true,
  };
});
