// jest's global setup: tests load each other's packages from source, kernels among it.
module.exports = async () => {
  const { compileEveryAssembly } = await import('./compile-assembly.mjs');
  await compileEveryAssembly();
};
