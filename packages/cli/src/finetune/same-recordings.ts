import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Clip } from '@serial-oe/datasets';

/**
 * Those of the clips whose files have the content of one of `known`: copies of recordings, by whatever name. Of files of equal size alone
 * the content is read; one that cannot be read is none, and is told where it is used.
 */
export async function sameRecordings(clips: readonly Clip[], known: readonly Clip[]): Promise<Set<Clip>> {
  const sizes = new Set(await Promise.all(known.map(({ path }) => sizeOf(path))));
  sizes.delete(null);
  const contents = new Set<string>();
  for (const { path } of known) contents.add((await contentOf(path)) ?? '');
  contents.delete('');
  const same = new Set<Clip>();
  for (const clip of clips) {
    if (!sizes.has(await sizeOf(clip.path))) continue;
    const content = await contentOf(clip.path);
    if (content !== null && contents.has(content)) same.add(clip);
  }
  return same;
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

async function contentOf(path: string): Promise<string | null> {
  return readFile(path).then(
    (bytes) => createHash('sha256').update(bytes).digest('hex'),
    () => null,
  );
}
