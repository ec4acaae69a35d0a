import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: ['src/index.ts', 'src/networks.ts'],
  splitting: true, // for CommonJS too: both entries share what they have in common
});
