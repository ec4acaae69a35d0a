import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({ entry: ['src/index.ts'] });
