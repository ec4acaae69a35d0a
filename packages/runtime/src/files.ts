/** Reads and writes whole files; every write is complete or not there at all. */
export interface FileAccess {
  exists(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  read(path: string): Promise<Uint8Array>;
  /** Writes under a temporary name, then renames. */
  writeFile(path: string, content: Uint8Array | string): Promise<void>;
  /** Writes all files into a temporary folder, then puts it in the place of `path`. */
  writeFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  remove(path: string): Promise<void>;
  join(...parts: string[]): string;
}
