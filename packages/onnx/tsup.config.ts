import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: ['src/index.ts', 'src/import-runtime-node.ts', 'src/import-runtime-browser.ts'],
  dts: { entry: ['src/index.ts'] },
  external: [/^#/, /^onnxruntime-/], // whoever imports the package decides which file #import-runtime is: package.json
});
