import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: {
    index: 'src/index.ts',
    'platform-node': 'src/platform-node.ts',
    'platform-browser': 'src/platform-browser.ts',
    'feature-worker': 'src/node/feature-worker.ts',
    'scoring-worker': 'src/node/parallel/scoring-worker.ts',
    'training-worker': 'src/node/parallel/training-worker.ts',
  },
  dts: { entry: { index: 'src/index.ts' } },
  shims: true, // import.meta.url in CommonJS, by which the worker is found
  splitting: true, // the entries share their error classes, in CommonJS too
  external: [/^@tensorflow\//, 'webgpu', '#platform'], // which platform is left to who imports the package
});
