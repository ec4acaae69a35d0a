// Compiles assembly/ into src/generated/kernel-binaries.ts: the kernels as base64, once with plain and once with relaxed
// SIMD. Called by the build (tsup.config.ts), by the tests and by the type check; does nothing when nothing has changed.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(PACKAGE, 'assembly');
const TARGET = join(PACKAGE, 'src', 'generated', 'kernel-binaries.ts');

/**
 * The kernels live in a memory that is not theirs: they import it, and have no data, no heap and no stack in it.
 * Maximum: what the type of the import must allow for a shared memory, whose flag the loader sets.
 */
const OPTIONS = [
  ...['--runtime', 'stub', '--importMemory', '--noExportMemory', '--maximumMemory', '65536'],
  ...['-O3', '--converge', '--noAssert'],
  ...['--disableWarning', '201'], // implicit conversions between usize and i32, which are one on wasm32
];
const BUILDS = { SIMD_KERNELS: 'simd', RELAXED_SIMD_KERNELS: 'simd,relaxed-simd' };

/** Brings the generated module up to date. */
export async function compileAssembly() {
  const stamp = `// Generated from assembly/ by scripts/compile-assembly.mjs. Sources: ${hashOfSources()}`;
  if (readIfThere(TARGET)?.startsWith(`${stamp}\n`)) return;
  const constants = [];
  for (const [name, features] of Object.entries(BUILDS)) {
    const binary = await compile(features);
    constants.push(`export const ${name} =\n  '${Buffer.from(binary).toString('base64')}';`);
  }
  mkdirSync(join(TARGET, '..'), { recursive: true });
  const unfinished = `${TARGET}.${process.pid}`;
  writeFileSync(unfinished, `${[stamp, ...constants].join('\n')}\n`);
  renameSync(unfinished, TARGET);
}

async function compile(features) {
  let binary;
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', SOURCES, '--outFile', 'kernels.wasm', '--enable', features, ...OPTIONS],
    { writeFile: (_, contents) => (binary = contents) },
  );
  if (error || binary === undefined) {
    throw new Error(`The kernels do not compile with ${features}:\n${stderr}`, { cause: error });
  }
  return binary;
}

function hashOfSources() {
  const hash = createHash('sha256').update(JSON.stringify([asc.version, OPTIONS, BUILDS]));
  for (const name of readdirSync(SOURCES).sort()) hash.update(name).update(readFileSync(join(SOURCES, name)));
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

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileAssembly();
