// Writes more than there is room for into a small disk, and tells what it was told.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkWritable, createFileAccess } from '../../src/node/files/file-access';

const root = process.argv[2] as string;
const files = createFileAccess();
const at = (...names: string[]) => join(root, ...names);
const large = new Uint8Array(1_000_000);
const errors: string[] = [];
const told = (error: Error) => errors.push(error.message);

await files.writeFile(at('file'), 'old');
await files.writeFolder(at('model'), new Map([['a', new TextEncoder().encode('old')]]));
await files.writeFile(at('file'), large).catch(told);
await files.writeFolder(at('model'), new Map([['a', large]])).catch(told);
const filler = new Uint8Array(4096);
try {
  // Until nothing more fits; where only the size of a file is limited, one that is too large is as good.
  for (let i = 0; i < 100; i++) await files.writeFile(at(`filler-${i}`), filler);
  await files.writeFile(at('other.html'), large);
} catch {
  await (process.argv[3] === 'disk'
    ? checkWritable(at('other.html'))
    : files.writeFile(at('other.html'), large)
  ).catch(told);
}
const left = (readdirSync(root, { recursive: true }) as string[])
  .filter((name) => !name.startsWith('filler') && name !== 'model')
  .sort();
const contents = left.map((name) => readFileSync(at(name), 'utf8'));
process.stdout.write(JSON.stringify({ errors, left, contents }));
