module.exports = async () => {
  const { compileAssembly } = await import('./compile-assembly.mjs');
  await compileAssembly();
};
