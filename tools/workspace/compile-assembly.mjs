// Compiles the AssemblyScript of a package into src/generated: kernels as base64. A package's build, tests and type check
// call it by its own scripts/compile-assembly.mjs.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import asc from 'assemblyscript/asc';

/** The memory is imported, and there is nothing in it: no data, no heap, no stack. */
const COMMON_OPTIONS = [
  ...['--runtime', 'stub', '--importMemory', '--noExportMemory'],
  ...['-O3', '--converge', '--noAssert'],
];

/**
 * Brings a generated module up to date; does nothing when nothing has changed.
 *
 * @param packageFolder holds assembly/
 * @param target path of the generated module in the package
 * @param builds name of each constant -> the WebAssembly features that it is compiled with
 * @param options further options of the compiler
 */
export async function compileAssembly(packageFolder, { target, builds, options = [] }) {
  const sources = join(packageFolder, 'assembly');
  const path = join(packageFolder, target);
  const allOptions = [...COMMON_OPTIONS, ...options];
  const hash = hashOf(sources, JSON.stringify([asc.version, allOptions, builds]));
  const stamp = `// Generated from assembly/ by scripts/compile-assembly.mjs. Sources: ${hash}`;
  if (readIfThere(path)?.startsWith(`${stamp}\n`)) return;
  const constants = [];
  for (const [name, features] of Object.entries(builds)) {
    const binary = await compile(sources, ['--enable', features, ...allOptions]);
    constants.push(`export const ${name} =\n  '${Buffer.from(binary).toString('base64')}';`);
  }
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${[stamp, ...constants].join('\n')}\n`);
  renameSync(unfinished, path);
}

async function compile(sources, options) {
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
