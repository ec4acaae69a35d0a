import type { Dirent } from 'node:fs';
import { isRecordingName } from '@serial-oe/audio-features';
import { compareText, nameSome } from '@serial-oe/foundation';
import type { FileSystem } from './file-system';

/** Audio that is not read, to be named rather than passed over. */
const OTHER_AUDIO = /\.(?:m4a|aac|mp4|wma|aiff?|aifc|w64|caf|au|amr|ape|wv|webm|mkv|mat|npy|h5|hdf5|tdms)$/i;
/** What computers put beside files; nothing in there is a recording. */
const SYSTEM_FOLDERS: readonly string[] = [
  '__macosx',
  '$recycle.bin',
  'system volume information',
  '@eadir',
  'lost+found',
];

export interface ListedRecordings {
  /** Names from the folder to each recording. */
  paths: string[][];
  /** Links that were not followed, audio of other kinds, folders that could not be read. */
  warnings: string[];
  /** Folders directly below that hold none. */
  emptyFolders: string[];
}

/**
 * Every recording below a folder by the ending of its name, in the order of the names. Hidden files (`._clip.wav`) and what
 * systems put there (`__MACOSX`, `Thumbs.db`) are passed over; links are followed, each real folder and file once.
 */
export function listRecordings(files: FileSystem, folder: string): ListedRecordings {
  const walk = new Walk(files);
  walk.folder(folder, { real: files.fs.realpathSync(folder), names: [] });
  walk.followLinks();
  const paths = walk.paths.sort(compareNames);
  const filled = new Set(paths.map(([first]) => first));
  return {
    paths,
    warnings: walk.describe(),
    emptyFolders: walk.topFolders.filter((name) => !filled.has(name)).sort(compareText),
  };
}

function compareNames(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((name, i) => name !== b[i]);
  return at < 0 ? a.length - b.length : compareText(a[at] as string, b[at] ?? '');
}

/** Whether a file or folder is one that systems and not people make. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_FOLDERS.includes(name.toLowerCase());
}

interface Place {
  /** Without links in it. */
  real: string;
  names: readonly string[];
}

class Walk {
  readonly paths: string[][] = [];
  readonly topFolders: string[] = [];
  readonly #files: FileSystem;
  readonly #known = new Set<string>();
  readonly #pendingLinks: { absolute: string; names: string[] }[] = [];
  readonly #links: string[] = [];
  readonly #otherAudio: string[] = [];
  readonly #unreadable: string[] = [];

  constructor(files: FileSystem) {
    this.#files = files;
  }

  folder(absolute: string, { real, names }: Place): void {
    if (this.#known.has(real)) {
      this.#links.push(absolute);
      return;
    }
    this.#known.add(real);
    const { path } = this.#files;
    for (const entry of this.#entriesOf(absolute)) {
      if (isSystemName(entry.name)) continue;
      const place = { real: path.join(real, entry.name), names: [...names, entry.name] };
      const below = path.join(absolute, entry.name);
      if (entry.isSymbolicLink()) this.#pendingLinks.push({ absolute: below, names: place.names });
      else this.#entry(below, place, entry);
    }
  }

  /** Links come after everything that is really there, so that it is they that are left out. */
  followLinks(): void {
    const { fs } = this.#files;
    for (let link = this.#pendingLinks.shift(); link !== undefined; link = this.#pendingLinks.shift()) {
      const { absolute, names } = link;
      try {
        this.#entry(absolute, { real: fs.realpathSync(absolute), names }, fs.statSync(absolute));
      } catch {
        this.#unreadable.push(absolute); // it points nowhere, or at itself
      }
    }
  }

  #entriesOf(absolute: string): Dirent[] {
    try {
      return this.#files.fs.readdirSync(absolute, { withFileTypes: true });
    } catch {
      this.#unreadable.push(absolute);
      return [];
    }
  }

  #entry(absolute: string, place: Place, entry: Pick<Dirent, 'isDirectory' | 'isFile'>): void {
    const name = place.names.at(-1) as string;
    if (entry.isDirectory()) {
      if (place.names.length === 1) this.topFolders.push(name);
      this.folder(absolute, place);
    } else if (entry.isFile() && isRecordingName(name)) this.#recording(absolute, place);
    else if (entry.isFile() && OTHER_AUDIO.test(name)) this.#otherAudio.push(absolute);
  }

  #recording(absolute: string, { real, names }: Place): void {
    if (this.#known.has(real)) this.#links.push(absolute);
    else {
      this.#known.add(real);
      this.paths.push([...names]);
    }
  }

  describe(): string[] {
    const told = (found: readonly string[], what: string) =>
      found.length === 0 ? [] : [`${found.length} ${what}: ${nameSome(found, { limit: 3 })}.`];
    return [
      ...told(this.#links, 'link(s) to a folder or file that is here already left out'),
      ...told(this.#otherAudio, 'file(s) of kinds that are not read left out'),
      ...told(this.#unreadable, 'file(s) or folder(s) that cannot be opened left out'),
    ];
  }
}
