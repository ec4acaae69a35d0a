// The repository's own tests and type checks resolve packages to their sources; what is built and published must not.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { filesIn, ROOT, workspaces } from './repository';

const read = (path: string) => readFileSync(path, 'utf8');

describe.each(workspaces('packages'))('packages/$folder/dist', ({ path }) => {
  const built = join(path, 'dist');

  it('holds the sources of this package alone', () => {
    const maps = filesIn(built, /\.map$/);
    expect(maps).not.toEqual([]);
    const foreign = maps.flatMap((map) =>
      (JSON.parse(read(map)).sources as string[])
        .map((source) => resolve(dirname(map), source))
        .filter((source) => source.startsWith(join(ROOT, 'packages')) && !source.startsWith(path + sep)),
    );
    expect(foreign).toEqual([]);
  });

  it('has declarations that name packages, not where they lie', () => {
    const declarations = filesIn(built, /\.d\.c?ts$/);
    expect(declarations).not.toEqual([]);
    expect(declarations.filter((file) => /['"]\.\.\/|\/src\/|@serial-oe\/tooling/.test(read(file)))).toEqual(
      [],
    );
  });
});
