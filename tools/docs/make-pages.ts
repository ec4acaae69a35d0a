// Writes what docs has from the sources: pictures of data flows and of the floors, tables of fields and packages.
// Usage: npm run docs:pages
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-parts';

const ROOT = join(import.meta.dirname, '..', '..');

const files = generatedFiles(ROOT);
for (const [path, text] of files) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
console.log(`${files.size} files written`);
