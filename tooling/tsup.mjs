import { compileAssembly, hasAssembly } from './compile-assembly.mjs';

export function packageBuild({ dts, ...options }) {
  return async () => {
    if (hasAssembly(process.cwd())) await compileAssembly();
    return {
      format: ['esm', 'cjs'],
      target: 'es2022',
      sourcemap: true,
      clean: true,
      // Declarations are made against the built declarations of other packages, which users get too, never their sources.
      dts: { ...dts, compilerOptions: { customConditions: [], types: ['node'] } },
      ...options,
    };
  };
}
