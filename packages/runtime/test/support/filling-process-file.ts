import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Told {
  errors: string[];
  left: string[];
  contents: string[];
}

/** Fills a disk of 256 KB that is mounted for that process alone, or without one runs into a limit of 256 KB a file. */
export function fillDisk(folder: string, canMount: boolean): Told {
  const script = fileURLToPath(new URL('./filling-process.js', import.meta.url));
  const node = '"$0" "$1" "$2"';
  const [command, ...args] = canMount
    ? ['unshare', '-Urm', 'sh', '-c', `mount -t tmpfs -o size=256k tmpfs "$2" && ${node} disk`]
    : ['sh', '-c', `ulimit -f 512; ${node} limit`];
  const output = execFileSync(command as string, [...args, process.execPath, script, folder], {
    encoding: 'utf8',
  });
  return JSON.parse(output);
}
