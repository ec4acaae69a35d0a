/** Short names of clips, and where they lie. */
export interface ClipNames {
  /** The folder that all have in common; empty where there is none. */
  folder: string;
  nameOf(path: string): string;
}

const SEPARATOR = /[\\/]/;

/** Names without the folders that all paths have in common. */
export function clipNames(paths: readonly string[]): ClipNames {
  const folders = paths.map((path) => path.split(SEPARATOR).slice(0, -1));
  const [first = []] = folders;
  const firstDifference = first.findIndex((name, i) => folders.some((parts) => parts[i] !== name));
  const nCommon = firstDifference < 0 ? first.length : firstDifference;
  const folder = first.slice(0, nCommon).join('/');
  return { folder, nameOf: (path) => path.split(SEPARATOR).slice(nCommon).join('/') };
}
