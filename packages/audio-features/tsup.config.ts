import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: ['src/index.ts', 'src/node.ts'],
  splitting: true, // for CommonJS too: both entries share one WavError class
});
