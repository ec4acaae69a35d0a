// Replaces a folder or a file again and again until it is killed: `FOLDER|FILE PATH`.
import { createFileAccess } from '../../src/node/files/file-access';

const [kind, path] = process.argv.slice(2) as ['folder' | 'file', string];
const files = createFileAccess();
process.send?.('started');
for (let version = 0; ; version++) {
  const bytes = new Uint8Array(100_000).fill(version % 251);
  if (kind === 'file') await files.writeFile(path, bytes);
  else
    await files.writeFolder(
      path,
      new Map([
        ['a', bytes],
        ['b', bytes],
      ]),
    );
}
