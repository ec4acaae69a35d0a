// The repository's own tests and type checks resolve packages to their sources; what is built and published must not.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { filesIn, ROOT, workspaces } from './repository';

const read = (path: string) => readFileSync(path, 'utf8');

/** `import()` of anything but a name in quotes. */
const IMPORT_OF_AN_EXPRESSION = /\bimport\(\s*(?!["'\s])[^\n]*/g;
/**
 * They load in Node what the user has installed or names: backends, and the module of systems that a job's process is told.
 * `browser-entry.test.ts` sees that no page gets it.
 */
const IMPORT_BY_VARIABLE = ['runtime', 'experiments'];

describe.each(workspaces('packages'))('packages/$folder/dist', ({ folder, path }) => {
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

  it('imports ES modules by import() in CommonJS too: older Node 20 does not require them', () => {
    const required = /Promise\.resolve\(\)\.then\(\(\) => \w+\(require\("([^."][^"]*)"\)\)\)/g;
    const hasCommonJs = /^(node:|@serial-oe\/|@tensorflow\/)/;
    const names = filesIn(built, /\.cjs$/).flatMap((file) =>
      [...read(file).matchAll(required)].map(([, name]) => name!),
    );
    expect(names.filter((name) => !hasCommonJs.test(name))).toEqual([]);
  });

  it('imports by names in quotes, as webpack warns of anything else at every build of an app', () => {
    if (IMPORT_BY_VARIABLE.includes(folder)) return;
    const code = filesIn(built, /\.c?js$/).map((file) => read(file).replace(/\/\*[\s\S]*?\*\//g, ''));
    expect(code.flatMap((text) => text.match(IMPORT_OF_AN_EXPRESSION) ?? [])).toEqual([]);
  });
});
