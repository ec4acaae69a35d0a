import { nameSome } from '@serial-oe/foundation';
import type { Clip } from '../clip';
import { DatasetError } from '../errors';
import type { RecordingFile } from './folder-tree';
import type { PlacedRecording, PlaceRecordingsOptions } from './placed-recording';
import type { Contradiction, RecordingFacts } from './read-recording';
import type { RootFacts } from './root-name';
import { REMEDY } from './sibling-rules';
import { fallbackType, isFromRootName } from './to-clip';

/** How the warning of anomalies in train ends. */
export const TRAIN_ANOMALY_NOTE = 'clip(s) in train are named anomaly; kept as such.';

/** Collects what is odd about a data set, as warnings and as reasons to refuse it. */
export class PlacingNotes {
  readonly warnings: string[] = [];
  readonly #options: PlaceRecordingsOptions;
  readonly #leftOut = new Map<string, RecordingFile[]>();
  readonly #contradictions = new Map<Contradiction, RecordingFile[]>();

  constructor(options: PlaceRecordingsOptions) {
    this.#options = options;
  }

  /** @returns nothing, to stand in place of the recording */
  leaveOut(why: string, file: RecordingFile): [] {
    append(this.#leftOut, why, file);
    return [];
  }

  contradict(why: Contradiction, file: RecordingFile): [] {
    append(this.#contradictions, why, file);
    return [];
  }

  throwContradictions(): void {
    if (this.#contradictions.size === 0) return;
    const { where, rootPath } = this.#options;
    const found = [...this.#contradictions].map(
      ([why, files]) => `${files.length} recording(s) such as ${files[0]?.path.join('/')} (${why})`,
    );
    throw new DatasetError(
      `${where}: names must say of each recording whether it is normal and whether it trains, got ${found.join('; ')} in ` +
        `${rootPath}. ${REMEDY}`,
    );
  }

  /** Warns of what was left out, assumed or doubted. */
  tellOf(placed: readonly (PlacedRecording & { clip: Clip })[], rootFacts: RootFacts): void {
    const { warnings } = this;
    const { machineType, rootPath } = this.#options;
    const fromRoot = placed.filter(isFromRootName);
    const type = fallbackType(
      rootFacts,
      fromRoot.some(({ file }) => file.named !== null),
    );
    if (machineType === undefined && fromRoot.length > 0 && type !== this.#options.rootNames[0]) {
      warnings.push(`${rootPath}: machine type "${type}" taken from its name or that of a folder above it.`);
    }
    for (const [why, files] of this.#leftOut) warnings.push(this.#leftOutText(why, files));
    const count = (test: (facts: RecordingFacts) => boolean) =>
      placed.filter(({ facts }) => test(facts)).length;
    const inTraining = placed.filter(({ facts }) => facts.split === 'train' && facts.label === 'anomaly');
    for (const [folder, n] of countFolders(inTraining.map(({ file }) => file))) {
      warnings.push(`${[rootPath, folder].join('/')}: ${n} ${TRAIN_ANOMALY_NOTE}`);
    }
    const nAssumed = count(({ isAssumed }) => isAssumed);
    if (nAssumed > 0) {
      warnings.push(`${nAssumed} clip(s) without split and label taken as normal training clips.`);
    }
    const doubtful = placed.filter(({ facts }) => facts.isDoubtful);
    if (doubtful.length > 0) {
      warnings.push(
        `${doubtful.length} clip(s) taken as anomalies by their folder, though their names say normal, such as ${this.#pathOf(doubtful[0]?.file)}.`,
      );
    }
    this.#tellOfMicrophones(placed);
  }

  tellOfFileTypes(types: readonly string[]): void {
    if (types.length === 0) return;
    this.warnings.push(
      `machine types ${nameSome([...new Set(types)])} taken from the names of the recordings.`,
    );
  }

  /** @param isLeftOut else they are the test */
  tellOfValidation(heldOut: readonly PlacedRecording[], isLeftOut: boolean): void {
    const what = isLeftOut
      ? 'left out: they are held out for validation and neither train nor test'
      : 'read as test clips: they are held out for validation, and there is no other test';
    this.warnings.push(`${heldOut.length} clip(s) ${what}, such as ${this.#pathOf(heldOut[0]?.file)}.`);
  }

  #leftOutText(why: string, files: readonly RecordingFile[]): string {
    if (!why.startsWith('beside ')) {
      return `${files.length} recording(s) left out (${why}), such as ${this.#pathOf(files[0])}.`;
    }
    const folders = [...countFolders(files).keys()].map((folder) =>
      folder === '' ? 'the folder itself' : folder,
    );
    return `${this.#options.rootPath}: ${files.length} recording(s) ${why} left out: ${nameSome(folders, { limit: 4 })}.`;
  }

  #tellOfMicrophones(placed: readonly PlacedRecording[]): void {
    const found = new Set(placed.flatMap(({ file }) => file.named?.microphone ?? []));
    if (found.size < 2) return;
    this.warnings.push(
      `the same recordings by ${found.size} microphones (${nameSome([...found].sort())}): each counts as often. Keep one of them for figures that compare with others'.`,
    );
  }

  #pathOf(file: RecordingFile | undefined): string {
    return file === undefined ? '' : this.#options.toPath(file.path);
  }
}

/** How many of the recordings lie in which folder. */
function countFolders(files: readonly RecordingFile[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const folder = path.slice(0, -1).join('/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

function append<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
