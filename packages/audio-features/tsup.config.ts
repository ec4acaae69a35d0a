import { readdir, readFile, writeFile } from 'node:fs/promises';
import { packageBuild } from '@serial-oe/tooling/tsup';

/** What the splitting of CommonJS makes of `import('name')`. */
const REQUIRED = /Promise\.resolve\(\)\.then\(\(\) => _interopRequireWildcard\(require\(("[^"]+")\)\)\)/g;

/** The decoders are ES modules, which `require` takes from Node 20.19 on alone, and `import()` always. */
async function keepDynamicImports(): Promise<void> {
  const files = (await readdir('dist')).filter((name) => name.endsWith('.cjs'));
  for (const file of files.map((name) => `dist/${name}`)) {
    const code = await readFile(file, 'utf8');
    await writeFile(file, code.replace(REQUIRED, 'import($1)'));
  }
}

export default packageBuild({
  entry: ['src/index.ts', 'src/node.ts'],
  splitting: true, // for CommonJS too: both entries share one WavError class
  onSuccess: keepDynamicImports,
});
