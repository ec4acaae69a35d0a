import { relative } from 'node:path';

/** A path from the working folder, where the file lies in it. */
export function fromHere(path: string): string {
  const name = relative('', path);
  return name.startsWith('..') ? path : name;
}
