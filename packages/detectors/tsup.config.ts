import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: ['src/index.ts'],
  keepNames: true, // esbuild renames a class that refers to itself, and the name shows in logs
});
