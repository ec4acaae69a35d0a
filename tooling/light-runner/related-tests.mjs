import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';

export async function relatedTests(root, changed) {
  const folders = packageFolders(root);
  const paths = changed.map((path) => compiledKernel(resolve(root, path), folders));
  const mayUse = dependentsOf(root, folders, paths);
  const found = await Promise.all(
    folders.filter(mayUse).map(async (folder) => {
      const tests = testFilesIn(join(folder, 'test'));
      if (paths.some((path) => concernsAllTests(relative(folder, path)))) return tests;
      const uses = await sourcesOf(root, tests);
      return tests.filter((test) => paths.some((path) => uses.get(test).has(path)));
    }),
  );
  return found.flat().sort();
}

/** Whether a folder holds a changed file, or is of a package that depends on one that does. `tools` is of none and may use any. */
function dependentsOf(root, folders, paths) {
  const holdsChange = (folder) => paths.some((path) => path.startsWith(folder + sep));
  if (holdsChange(join(root, 'tooling'))) return () => true;
  const manifests = folders.map(readManifest).filter((manifest) => manifest !== undefined);
  const reached = new Set();
  const reach = (name) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const { name: other, dependencies, devDependencies } of manifests) {
      if ({ ...dependencies, ...devDependencies }[name]) reach(other);
    }
  };
  for (const folder of folders.filter(holdsChange)) reach(readManifest(folder)?.name);
  return (folder) => holdsChange(folder) || !readManifest(folder) || reached.has(readManifest(folder).name);
}

function readManifest(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function compiledKernel(path, folders) {
  const folder = folders.find((one) => path.startsWith(join(one, 'assembly') + sep));
  if (folder === undefined) return path;
  return join(folder, readManifest(folder).assembly.target);
}

/** @param path of a changed file from the folder of the package */
function concernsAllTests(path) {
  const [first] = path.split(sep);
  return path === 'package.json' || (['src', 'test'].includes(first) && !path.endsWith('.ts'));
}

function packageFolders(root) {
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  return [...packages, join(root, 'tools')].filter((folder) => existsSync(join(folder, 'jest.config.cjs')));
}

function testFilesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
}

/** Which files of the repository each test is made of. */
async function sourcesOf(root, tests) {
  if (tests.length === 0) return new Map();
  const { metafile } = await build({
    entryPoints: tests,
    absWorkingDir: root,
    outdir: join(root, 'nowhere'),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@serial-oe/source'],
    ignoreAnnotations: true,
    logLevel: 'silent',
    plugins: [INSTALLED_IS_NONE],
  });
  const outputs = Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint);
  return new Map(
    outputs.map(({ entryPoint, inputs }) => [
      join(root, entryPoint),
      new Set(Object.keys(inputs).map((input) => join(root, input))),
    ]),
  );
}

const INSTALLED_IS_NONE = {
  name: 'installed-is-none',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@serial-oe/') ? undefined : { path, external: true },
    );
  },
};
