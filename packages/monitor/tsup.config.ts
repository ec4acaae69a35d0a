import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({ entry: { index: 'src/index.ts', node: 'src/node.ts' }, splitting: true });
