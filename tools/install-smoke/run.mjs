// Loads every entry of the installed packages as ESM and as CommonJS, and runs the compiled uses. Arguments: package names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

for (const name of process.argv.slice(2)) {
  const manifest = JSON.parse(readFileSync(require.resolve(`@serial-oe/${name}/package.json`), 'utf8'));
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  for (const entry of entries) {
    const specifier = manifest.name + entry.slice(1);
    const namesInEsm = namesOf(await import(specifier));
    const namesInCommonJs = namesOf(require(specifier));
    assert.deepEqual(
      namesInEsm,
      namesInCommonJs,
      `${specifier} exports the same names from ESM and CommonJS`,
    );
    assert.notEqual(namesInEsm.length, 0, `${specifier} exports something`);
  }
  const uses = [await import(`./out/${name}.mjs`), require(`./out/${name}.cjs`)];
  for (const { use } of uses) await use();
  console.log(
    `ok  ${entries.map((entry) => manifest.name + entry.slice(1)).join(', ')} from ESM and CommonJS`,
  );
}

/** Without the names that Node adds where an ES module imports a CommonJS one. */
function namesOf(module) {
  return Object.keys(module)
    .filter((name) => name !== 'default' && name !== 'module.exports')
    .sort();
}
