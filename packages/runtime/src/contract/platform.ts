import type { ClipLoader } from '@serial-oe/datasets';
import type { FileAccess } from '../files';

/** What Node has and a browser has not. */
export interface Platform {
  /** Reads the samples of a clip: from memory, and where there are files, from disk. */
  loadClip: ClipLoader;
  /** Null in a browser. */
  files: FileAccess | null;
  /** Resident memory of the process, bytes; null where it cannot be known. */
  rssBytes(): number | null;
  /** Threads that a system may use beside the calling one. */
  threads: {
    /** That train, 1 for the calling thread alone. */
    training: number;
    /** That prepare spectrograms; 0 for the calling thread. */
    features: number;
  };
}
