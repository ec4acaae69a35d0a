import type { ClipLoader } from './data/clip-store';
import type { FeatureSource, FeatureSourceSetup } from './features/feature-source';

/** Reads and writes whole files; every write is complete or not there at all. */
export interface FileAccess {
  exists(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  read(path: string): Promise<Uint8Array>;
  /** Writes under a temporary name, then renames. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Writes all files into a temporary folder, then puts it in the place of `path`. */
  writeFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  remove(path: string): Promise<void>;
  join(...parts: string[]): string;
}

/** What Node has and a browser has not. The entries of the package pass theirs down. */
export interface Platform {
  loadClip: ClipLoader;
  /** Spectrograms from `nWorkers` threads; 0 computes on the calling thread. */
  createFeatureSource(setup: FeatureSourceSetup, nWorkers: number): FeatureSource;
  /** Threads used where the caller does not say. */
  defaultWorkers: number;
  /** Null in a browser. */
  files: FileAccess | null;
  /** Resident memory of the process, bytes; null where it cannot be known. */
  rssBytes(): number | null;
}
