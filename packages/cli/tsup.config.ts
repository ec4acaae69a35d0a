import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: { index: 'src/index.ts', systems: 'src/systems.ts', cli: 'src/cli.ts' },
  dts: { entry: { index: 'src/index.ts', systems: 'src/systems.ts' } },
  shims: true, // import.meta.url in CommonJS, by which `systems` is found
  splitting: true,
});
