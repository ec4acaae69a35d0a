/** Reads and writes whole files; every write is complete or not there at all, also after a kill or a power cut. */
export interface FileAccess {
  /** Also puts back a folder that stepped aside for a new one which a killed process never finished. */
  exists(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  read(path: string): Promise<Uint8Array>;
  /** Writes under a temporary name, flushes, then renames. */
  writeFile(path: string, content: Uint8Array | string): Promise<void>;
  /** Writes all files into a temporary folder, flushes them, then puts it in the place of `path`; the old one is there until then. */
  writeFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  remove(path: string): Promise<void>;
  join(...parts: string[]): string;
}
