// Snapshots lie beside the source of a test, not beside what was compiled of it.
const { basename, dirname, join } = require('node:path');

const COMPILED = /[\\/]node_modules[\\/]\.cache[\\/]light-tests[\\/][^\\/]+[\\/](.+)\.js$/;

function sourceOf(testPath) {
  return testPath.replace(COMPILED, (_, path) => `/${path}.ts`);
}

module.exports = {
  resolveSnapshotPath(testPath, extension) {
    const source = sourceOf(testPath);
    return join(dirname(source), '__snapshots__', basename(source) + extension);
  },
  resolveTestPath(snapshotPath, extension) {
    return join(dirname(dirname(snapshotPath)), basename(snapshotPath, extension));
  },
  testPathForConsistencyCheck: join('test', 'example.test.ts'),
};
