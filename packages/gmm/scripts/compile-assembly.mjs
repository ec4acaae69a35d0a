// Compiles assembly/ into src/generated/kernel-binary.ts: the kernels as base64. Called by the build (tsup.config.ts), by
// the tests and by the type check; does nothing when nothing has changed.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(PACKAGE, 'assembly');
const TARGET = join(PACKAGE, 'src', 'generated', 'kernel-binary.ts');

/** The memory is imported, and there is nothing in it: no data, no heap, no stack. */
const OPTIONS = [
  ...['--runtime', 'stub', '--importMemory', '--noExportMemory'],
  ...['--enable', 'simd', '-O3', '--converge', '--noAssert'],
];

/** Brings the generated module up to date. */
export async function compileAssembly() {
  const stamp = `// Generated from assembly/ by scripts/compile-assembly.mjs. Sources: ${hashOfSources()}`;
  if (readIfThere(TARGET)?.startsWith(`${stamp}\n`)) return;
  const base64 = Buffer.from(await compile()).toString('base64');
  mkdirSync(join(TARGET, '..'), { recursive: true });
  const unfinished = `${TARGET}.${process.pid}`;
  writeFileSync(unfinished, `${stamp}\nexport const KERNEL_BINARY =\n  '${base64}';\n`);
  renameSync(unfinished, TARGET);
}

async function compile() {
  let binary;
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', SOURCES, '--outFile', 'kernels.wasm', ...OPTIONS],
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

function hashOfSources() {
  const hash = createHash('sha256').update(JSON.stringify([asc.version, OPTIONS]));
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
