import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: {
    index: 'src/index.ts',
    config: 'src/config.ts',
    'platform-node': 'src/platform-node.ts',
    'platform-browser': 'src/platform-browser.ts',
    'feature-thread': 'src/node/feature-thread.ts',
    'scoring-thread': 'src/node/scoring-thread.ts',
    'training-thread': 'src/node/training-thread.ts',
  },
  dts: { entry: { index: 'src/index.ts', config: 'src/config.ts' } },
  shims: true, // import.meta.url in CommonJS, by which the threads' files are found
  splitting: true, // the entries share their error classes, in CommonJS too
  external: [/^@tensorflow\//, 'webgpu', '#platform'], // which platform is left to who imports the package
});
