import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: ['src/index.ts', 'src/node.ts'],
  splitting: true, // both entries share one DatasetError class, in CommonJS too
});
