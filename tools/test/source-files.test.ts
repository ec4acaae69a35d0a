import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, fromRoot, ROOT } from './repository';

const MAX_LINES = 350;
/** An absolute path into somebody's machine. */
const MACHINE_PATH = /(?:^|[\s"'`(=])\/(?:home|root|work|tmp|Users|mnt)\/\w/;

const read = (path: string) => readFileSync(path, 'utf8');
const under = (folder: string, pattern: RegExp) => filesUnder(join(ROOT, folder), pattern);

it(`no source file is longer than ${MAX_LINES} lines`, () => {
  const sources = ['packages', 'examples', 'tools', 'tooling'].flatMap((folder) =>
    under(folder, /\.(ts|mjs|py)$/),
  );
  const inTests = /^packages\/[^/]+\/test\//; // tables of cases may be longer
  const long = sources
    .map(fromRoot)
    .filter((file) => !inTests.test(file) && read(join(ROOT, file)).split('\n').length > MAX_LINES + 1);
  expect(long).toEqual([]);
});

it('no file names a path of the machine that it was written on', () => {
  const files = ['packages', 'examples', 'tools', 'tooling', 'docs', '.changeset'].flatMap((folder) =>
    under(folder, /\.(ts|mjs|cjs|json|md|py)$/),
  );
  expect(files.filter((path) => MACHINE_PATH.test(read(path))).map(fromRoot)).toEqual([]);
});

it('entries list their names by hand', () => {
  const entries = under('packages', /^(index|node)\.ts$/);
  expect(entries.filter((path) => /export \*|export default/.test(read(path))).map(fromRoot)).toEqual([]);
});
