import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: {
    index: 'src/index.ts',
    contract: 'src/contract.ts',
    node: 'src/node.ts',
    'node/files': 'src/node/files.ts',
  },
  dts: true,
  splitting: true, // the entries share their error classes, in CommonJS too
  external: [/^@tensorflow\//, 'webgpu'],
});
