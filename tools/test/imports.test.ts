import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, sep } from 'node:path';
import { FLOORS } from '../docs/floors';
import { filesUnder, fromRoot, importedModules, packageOf, ROOT, workspaces } from './repository';

/** -1 for a package that stands nowhere. */
const floorOf = (folder: string) => FLOORS.findIndex((floor) => floor.includes(folder));

const BUILTINS = new Set(builtinModules);
const isBuiltin = (name: string) => name.startsWith('node:') || BUILTINS.has(packageOf(name));
const isRelative = (name: string) => name.startsWith('.');
/** A file of the package itself, chosen by who imports it: the `imports` of its package.json. */
const isOwn = (name: string) => name.startsWith('#');

/** The peers of a package of this repository. */
const peersOf = (name: string) => {
  const found = workspaces('packages').find(({ manifest }) => manifest.name === name);
  return Object.keys(found?.manifest.peerDependencies ?? {});
};

interface Import {
  file: string;
  name: string;
}

function importsIn(folder: string): Import[] {
  return filesUnder(folder, /\.tsx?$/).flatMap((path) =>
    importedModules(readFileSync(path, 'utf8')).map((name) => ({ file: fromRoot(path), name })),
  );
}

describe('importedModules', () => {
  it('finds static, side-effect, dynamic and CommonJS imports, and none in doc comments', () => {
    const source = [
      "import { a,\n  b } from 'one';",
      "import type { C } from 'two';",
      "export { d } from './three';",
      "import 'four';",
      "const e = await import('five');",
      "const f = require('six');",
      "/**\n * import { g } from 'seven';\n */",
    ].join('\n');
    expect(importedModules(source).sort()).toEqual(['./three', 'five', 'four', 'one', 'six', 'two']);
  });
});

describe.each(workspaces('packages'))('packages/$folder/src', ({ folder, path, manifest }) => {
  const imports = importsIn(join(path, 'src'));
  const external = imports.filter(({ name }) => !isRelative(name) && !isBuiltin(name) && !isOwn(name));

  it('stands on a floor and imports packages of lower floors alone', () => {
    const internal = external.filter(({ name }) => name.startsWith('@serial-oe/'));
    const isBelow = (name: string) => {
      const floor = floorOf(packageOf(name).slice('@serial-oe/'.length));
      return floor >= 0 && floor < floorOf(folder);
    };
    expect(floorOf(folder)).toBeGreaterThanOrEqual(0);
    expect(internal.filter(({ name }) => !isBelow(name))).toEqual([]);
  });

  it('declares what it imports, and imports what it brings along', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const used = new Set(external.map(({ name }) => packageOf(name)));
    expect(external.filter(({ name }) => !declared.includes(packageOf(name)))).toEqual([]);
    // A peer may be there for what it registers, a backend for example; a dependency for another one, whose peer it is.
    const dependencies = Object.keys(manifest.dependencies ?? {});
    const peers = dependencies.flatMap((name) => peersOf(name));
    expect(dependencies.filter((name) => !used.has(name) && !peers.includes(name))).toEqual([]);
  });

  it('brings ECharts along where it draws charts', () => {
    const isDrawing = external.some(({ name }) => name === '@serial-oe/report/charts');
    expect(Object.hasOwn(manifest.dependencies ?? {}, 'echarts')).toBe(isDrawing);
  });

  it('stays in its own folder and names Node modules with `node:`', () => {
    const target = ({ file, name }: Import) => join(ROOT, file, '..', name);
    expect(imports.filter((one) => isRelative(one.name) && !target(one).startsWith(path + sep))).toEqual([]);
    expect(imports.filter(({ name }) => isBuiltin(name) && !name.startsWith('node:'))).toEqual([]);
  });
});

it('nothing reaches into another package past its entries', () => {
  const entries = new Set(
    workspaces('packages').flatMap(({ manifest }) =>
      Object.keys(manifest.exports ?? {}).map((entry) => manifest.name + entry.slice(1)),
    ),
  );
  const folders = ['packages', 'examples', 'tools', 'tooling'].map((name) => join(ROOT, name));
  const internal = folders.flatMap(importsIn).filter(({ name }) => name.startsWith('@serial-oe/'));
  const isTooling = ({ name }: Import) => packageOf(name) === '@serial-oe/tooling'; // no `src` of a package may import it
  expect(internal.filter((one) => !entries.has(one.name) && !isTooling(one))).toEqual([]);
});
