import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: {
    index: 'src/index.ts',
    contract: 'src/contract.ts',
    node: 'src/node.ts',
    'node/files': 'src/node/files.ts',
    'scoring-thread': 'src/node/threads/scoring-thread.ts',
  },
  dts: {
    entry: {
      index: 'src/index.ts',
      contract: 'src/contract.ts',
      node: 'src/node.ts',
      'node/files': 'src/node/files.ts',
    },
  },
  shims: true, // import.meta.url in CommonJS, by which the thread's file is found
  splitting: true, // the entries share their error classes, in CommonJS too
  external: [/^@tensorflow\//, 'webgpu'],
});
