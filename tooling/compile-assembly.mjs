// Compiles the AssemblyScript of a package into a module that holds the kernels as base64. The package's package.json says how:
//   "assembly": {
//     "target": path of the generated module in the package,
//     "builds": { name of each constant: the WebAssembly features that it is compiled with },
//     "options": further options of the compiler
//   }
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../packages', import.meta.url));

/** The memory is imported, and there is nothing in it: no data, no heap, no stack. */
const COMMON_OPTIONS = [
  ...['--runtime', 'stub', '--importMemory', '--noExportMemory'],
  ...['-O3', '--converge', '--noAssert'],
];

export async function compileAssembly(packageFolder = process.cwd()) {
  const { name, assembly } = readManifest(packageFolder);
  if (!assembly)
    throw new Error(`compile-assembly: ${name} must have "assembly" in its package.json, got none.`);
  const { target, builds, options = [] } = assembly;
  const sources = join(packageFolder, 'assembly');
  const path = join(packageFolder, target);
  const allOptions = [...COMMON_OPTIONS, ...options];
  const hash = hashOf(sources, JSON.stringify([compilerVersion(), allOptions, builds]));
  const stamp = `// Generated from assembly/ by compile-assembly. Sources: ${hash}`;
  if (readIfThere(path)?.startsWith(`${stamp}\n`)) return;
  const constants = [];
  for (const [constant, features] of Object.entries(builds)) {
    const binary = await compile(sources, ['--enable', features, ...allOptions]);
    constants.push(`export const ${constant} =\n  '${Buffer.from(binary).toString('base64')}';`);
  }
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${[stamp, ...constants].join('\n')}\n`);
  renameSync(unfinished, path);
}

export async function compileEveryAssembly() {
  for (const folder of readdirSync(PACKAGES)) {
    const path = join(PACKAGES, folder);
    if (existsSync(join(path, 'package.json')) && hasAssembly(path)) await compileAssembly(path);
  }
}

export function hasAssembly(packageFolder) {
  return readManifest(packageFolder).assembly !== undefined;
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Without loading the compiler, which takes a second. */
function compilerVersion() {
  const manifest = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

async function compile(sources, options) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', sources, '--outFile', 'kernels.wasm', ...options],
    {
      writeFile: (_, contents) => {
        binary = contents;
      },
    },
  );
  if (error || binary === undefined)
    throw new Error(`The kernels do not compile:\n${stderr}`, { cause: error });
  return binary;
}

function hashOf(folder, settings) {
  const hash = createHash('sha256').update(settings);
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
