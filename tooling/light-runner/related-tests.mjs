import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';

export async function relatedTests(root, changed) {
  const folders = packageFolders(root);
  const paths = changed.map((path) => compiledKernel(resolve(root, path), folders));
  const found = await Promise.all(
    folders.map(async (folder) => {
      const tests = testFilesIn(join(folder, 'test'));
      if (paths.some((path) => concernsAllTests(relative(folder, path)))) return tests;
      const uses = await sourcesOf(root, tests);
      return tests.filter((test) => paths.some((path) => uses.get(test).has(path)));
    }),
  );
  return found.flat().sort();
}

function compiledKernel(path, folders) {
  const folder = folders.find((one) => path.startsWith(join(one, 'assembly') + sep));
  if (folder === undefined) return path;
  const { assembly } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, assembly.target);
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
