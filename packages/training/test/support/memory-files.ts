import type { FileAccess } from '@serial-oe/runtime';

/** Files in memory, of which a checkpoint needs reading, writing and joining alone. */
export function memoryFiles(): FileAccess & { contents: Map<string, Uint8Array> } {
  const contents = new Map<string, Uint8Array>();
  const unused = async (): Promise<never> => {
    throw new Error('not in this test');
  };
  return {
    contents,
    exists: async (path) => contents.has(path),
    read: async (path) => contents.get(path)!,
    writeFile: async (path, content) => {
      contents.set(path, content as Uint8Array);
    },
    join: (...parts) => parts.join('/'),
    isFolder: unused,
    writeFolder: unused,
    remove: unused,
  };
}
