import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Some files of tfjs-core exist as ES modules only, under names that Node does not take: they are compiled along. */
const ONLY_AS_ES_MODULES = /^@tensorflow\/tfjs-core\/dist\/(?!tf-core)/;
const OWN_LOCATION = /\b(?:__dirname|__filename|import\.meta\.url)\b/;
const PROGRAM_BESIDE = /new URL\('(\.\/[\w./-]+)\.js', import\.meta\.url\)/g;
const REQUIRE =
  "import { createRequire as createRequireOfTests } from 'node:module'; const require = createRequireOfTests(import.meta.url);";

/**
 * Compiles test files of one package, each into a module that holds the sources of this repository, while what is installed is
 * loaded by Node. They lie in the package's node_modules, whence Node finds the same modules as from the sources. What a source
 * starts as a thread or a process by `new URL('./NAME.js', import.meta.url)` is compiled from NAME.ts too.
 *
 * @returns `fileOf(source)`: where the compiled file lies; `remove()`: takes all of them away
 */
export async function compileTests(packageFolder, sources) {
  const cache = join(packageFolder, 'node_modules', '.cache', 'light-tests');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'run-')); // another jest may run at the same time
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const nameOf = (source) => relative(packageFolder, source).replace(/\.ts$/, '');
  const programs = new Map(); // source -> its name in the folder, without extension
  const plugins = [
    INSTALLED_STAYS_OUTSIDE,
    sourcesKnowWhereTheyLie((source) => {
      if (!programs.has(source)) programs.set(source, join('programs', String(programs.size)));
      return join(folder, `${programs.get(source)}.js`);
    }),
  ];
  const compile = (entries) => compileInto(folder, Object.fromEntries(entries), plugins);
  try {
    await compile(sources.map((source) => [nameOf(source), source]));
    for (const [source, name] of programs) await compile([[name, source]]); // programs may start programs
  } catch (error) {
    remove();
    throw error;
  }
  return { fileOf: (source) => join(folder, `${nameOf(source)}.js`), remove };
}

function compileInto(outdir, entryPoints, plugins) {
  return build({
    entryPoints,
    outdir,
    plugins,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@serial-oe/source'],
    ignoreAnnotations: true, // "sideEffects": false is about src; a test may import a file for what it does
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent', // the error that it throws says all
    banner: { js: REQUIRE },
  });
}

const ASKED = Symbol('asked');

const INSTALLED_STAYS_OUTSIDE = {
  name: 'installed-stays-outside',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./#]/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === ASKED || path.startsWith('@serial-oe/') || ONLY_AS_ES_MODULES.test(path))
        return undefined;
      // By its whole path, because a package may have a version of its own, which Node would not find from another one.
      const { path: file, external, errors } = await resolve(path, { resolveDir, kind, pluginData: ASKED });
      if (external || errors.length > 0) return { path, external: true }; // one of Node, or a missing one, which Node reports
      return { path: kind === 'require-call' ? file : pathToFileURL(file).href, external: true };
    });
  },
};

/** What asks for its own location gets the one of the source, and programs beside it as `compiledProgram` says. */
function sourcesKnowWhereTheyLie(compiledProgram) {
  return {
    name: 'sources-know-where-they-lie',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!OWN_LOCATION.test(text)) return undefined;
        const withPrograms = text.replace(PROGRAM_BESIDE, (asked, name) => {
          const source = `${join(dirname(path), name)}.ts`;
          const url = (file) => `new URL(${JSON.stringify(pathToFileURL(file).href)})`;
          return existsSync(source) ? url(compiledProgram(source)) : asked;
        });
        const values = { __filename: path, __dirname: dirname(path), ownUrl: pathToFileURL(path).href };
        const names = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
        return {
          contents: `const ${names.join(', ')}; ${withPrograms.replaceAll('import.meta.url', 'ownUrl')}`,
          loader: 'ts',
        };
      });
    },
  };
}
