import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { writeWav } from '@serial-oe/audio-features/node';
import { type OptionNames, show } from '@serial-oe/foundation';
import type { Clip } from '../clip';
import { DatasetError } from '../errors';
import {
  type ResolvedSynthesizeOptions,
  resolveSynthesizeOptions,
  SYNTHESIZE_OPTIONS,
  type SynthesizeOptions,
} from '../synth/synthesis-options';
import {
  countMachineSounds,
  generateMachineSounds,
  type SyntheticClip,
} from '../synth/synthesize-machine-sounds';

export interface WriteMachineSoundsOptions extends SynthesizeOptions {
  /**
   * Write into a folder that is not empty. The clips of an earlier synthesis, as its `synthesis.json` lists
   * them, are removed; other files stay unless a clip has their name. Default false: such a folder is refused.
   */
  isOverwriting?: boolean | undefined;
  /** Stops between two clips: the promise rejects with the signal's reason, and nothing is left behind. */
  signal?: AbortSignal | undefined;
  /** Called after each clip. */
  onProgress?: ((progress: WriteMachineSoundsProgress) => void) | undefined;
}

const OPTIONS: OptionNames<WriteMachineSoundsOptions> = {
  ...SYNTHESIZE_OPTIONS,
  isOverwriting: true,
  signal: true,
  onProgress: true,
};

export interface WriteMachineSoundsProgress {
  /** Clips written so far. */
  nDone: number;
  nTotal: number;
  /** Of the clip just written, relative to the folder. */
  path: string;
}

export interface WrittenMachineSounds {
  /** Absolute path of the folder. */
  root: string;
  /** Absolute path of `synthesis.json`. */
  manifest: string;
  nClips: number;
  /** The options with every default filled in. */
  options: ResolvedSynthesizeOptions;
}

/** What `synthesis.json` holds: enough to make the same files again, and the truth about each. */
export interface SynthesisManifest {
  about: string;
  formatVersion: 1;
  options: ResolvedSynthesizeOptions;
  clips: Omit<SyntheticClip, 'waveform' | 'sampleRate'>[];
}

const MANIFEST_NAME = 'synthesis.json';
const ABOUT =
  'Synthetic machine sounds of @serial-oe/datasets in the layout of DCASE2020 Task 2. The same options and seed ' +
  'give the same sounds. anomalyKind and severity say which fault an anomalous clip has.';

/**
 * Writes the clips of synthesizeMachineSounds as 16-bit WAV files in DCASE2020's layout,
 * `<outDir>/<machineType>/{train,test}/{normal,anomaly}_id_<NN>_<NNNNNNNN>.wav`, with a `synthesis.json` beside
 * them that holds the options and each clip's fault.
 *
 * The files are made in a hidden folder inside `outDir` and moved to their places once all are there, so that
 * a run that fails or is stopped leaves `outDir` as it was.
 *
 * @param outDir made as needed
 * @throws RangeError or TypeError as synthesizeMachineSounds; DatasetError where `outDir` is a file, or a folder
 *   that is not empty without `isOverwriting`; the signal's reason where it was aborted
 * @example
 * await writeMachineSounds('sounds', { machineTypes: ['fan', 'pump'], nIds: 2, nTrain: 50, nTest: 20, seed: 1 });
 */
export async function writeMachineSounds(
  outDir: string,
  options: WriteMachineSoundsOptions = {},
): Promise<WrittenMachineSounds> {
  const { isOverwriting = false, signal, onProgress } = options;
  const resolved = resolveSynthesizeOptions('datasets.writeMachineSounds', options, OPTIONS);
  const root = checkOutDir(outDir);
  signal?.throwIfAborted();
  const isNew = await prepareFolder(root, isOverwriting).catch((cause) => {
    throw explainDiskError(cause, root);
  });
  const staging = path.join(root, `.synthesis-${process.pid}-${randomUUID()}`);
  try {
    await removeStagingOfKilled(root);
    const earlier = await listEarlierClips(root);
    const clips = await writeClips(staging, resolved, { signal, onProgress });
    await fs.writeFile(path.join(staging, MANIFEST_NAME), manifestText({ options: resolved, clips }));
    for (const file of earlier) await fs.rm(file, { force: true });
    await moveInto(root, staging, [...clips.map((clip) => clip.path), MANIFEST_NAME]);
    return { root, manifest: path.join(root, MANIFEST_NAME), nClips: clips.length, options: resolved };
  } catch (cause) {
    await fs.rm(isNew ? root : staging, { recursive: true, force: true });
    throw explainDiskError(cause, root);
  }
}

/** Errors of the operating system say neither which folder nor what to do; others are as they are. */
function explainDiskError(cause: unknown, root: string): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return cause;
  const reason = code === 'ENOSPC' ? 'no space left on that disk (ENOSPC)' : message;
  return new DatasetError(
    `datasets.writeMachineSounds: outDir must be a place that can be written to, got ${root}: ${reason}. ` +
      'Free some space, or choose another folder; nothing was written.',
    { cause },
  );
}

/** What runs that were killed have left; a process that still writes keeps its folder. */
async function removeStagingOfKilled(root: string): Promise<void> {
  for (const name of await fs.readdir(root)) {
    const pid = /^\.synthesis-(\d+)-[0-9a-f]{8}-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      await fs.rm(path.join(root, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function checkOutDir(outDir: string): string {
  if (typeof outDir !== 'string' || outDir === '') {
    throw new TypeError(
      `datasets.writeMachineSounds: outDir must be the path of a folder, got ${show(outDir)}.`,
    );
  }
  return path.resolve(outDir);
}

/** Makes the folder; says whether it was not there before. Hidden files do not count as content. */
async function prepareFolder(root: string, isOverwriting: boolean): Promise<boolean> {
  const stats = await fs.stat(root).catch(() => undefined);
  if (stats === undefined) {
    await makeFolders(root);
    return true;
  }
  if (!stats.isDirectory()) {
    throw new DatasetError(`datasets.writeMachineSounds: outDir must be a folder, got the file ${root}.`);
  }
  const names = (await fs.readdir(root)).filter((name) => !name.startsWith('.'));
  if (names.length > 0 && !isOverwriting) {
    throw new DatasetError(
      `datasets.writeMachineSounds: outDir must be empty or new, got ${root} with ${names.length} ` +
        `file(s) or folder(s), such as ${names[0]}. Choose another folder, or pass isOverwriting: true in code.`,
    );
  }
  return false;
}

/** As `mkdir` with `recursive`, which tries for ever where the folder above is there and takes none, as in /proc. */
async function makeFolders(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  await fs.mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || (await fs.stat(parent).catch(() => null)) !== null) throw error;
    await makeFolders(parent);
    await fs.mkdir(folder);
  });
}

async function writeClips(
  staging: string,
  options: ResolvedSynthesizeOptions,
  { signal, onProgress }: Pick<WriteMachineSoundsOptions, 'signal' | 'onProgress'>,
): Promise<SynthesisManifest['clips']> {
  await fs.mkdir(staging);
  const clips: SynthesisManifest['clips'] = [];
  const nTotal = countMachineSounds(options);
  for (const { waveform, sampleRate, ...clip } of generateMachineSounds(options)) {
    signal?.throwIfAborted();
    const file = path.join(staging, clip.path);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await writeWav(file, { sampleRate, channels: [waveform] }, { bitDepth: 16 });
    clips.push(clip);
    onProgress?.({ nDone: clips.length, nTotal, path: clip.path });
  }
  signal?.throwIfAborted();
  return clips;
}

function manifestText({ options, clips }: Pick<SynthesisManifest, 'options' | 'clips'>): string {
  const manifest: SynthesisManifest = { about: ABOUT, formatVersion: 1, options, clips };
  const { clips: _, ...head } = manifest;
  const rows = clips.map((clip) => `  ${JSON.stringify(clip)}`).join(',\n'); // a line a clip, easy to search
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "clips": [\n${rows}\n ]\n}\n`;
}

/** The clips that an earlier synthesis wrote here, as absolute paths. */
async function listEarlierClips(root: string): Promise<string[]> {
  const manifest = path.join(root, MANIFEST_NAME);
  const text = await fs.readFile(manifest, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const files = parseManifest(text)?.map((clip) => path.resolve(root, clip.path));
  if (files?.every((file) => file.startsWith(root + path.sep))) return files;
  throw new DatasetError(
    `datasets.writeMachineSounds: ${manifest} must list the clips of an earlier synthesis, got another file. ` +
      'Move it away or choose another folder.',
  );
}

/** The listed clips, or undefined where the text is something else. */
function parseManifest(text: string): Pick<Clip, 'path'>[] | undefined {
  try {
    const { clips } = JSON.parse(text) as Partial<SynthesisManifest>;
    return Array.isArray(clips) && clips.every((clip) => typeof clip?.path === 'string') ? clips : undefined;
  } catch {
    return undefined; // not JSON
  }
}

async function moveInto(root: string, staging: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await fs.mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await fs.rename(path.join(staging, file), path.join(root, file));
  }
  await fs.rm(staging, { recursive: true, force: true });
}
