import { type Clip, type ClipLoader, findMachineId, loadMemoryClip } from '@serial-oe/datasets';
import {
  checkNumber,
  checkOptions,
  numberFrom,
  type OptionNames,
  POSITIVE_COUNT,
  show,
} from '@serial-oe/foundation';
import { type ClipScorer, UnknownMachineIdError } from '@serial-oe/runtime/contract';
import { atRate, type Recording } from '../check-clip';
import { buildNormals, thinned } from './build-normals';
import { ClipEmbedder } from './clip-embedder';
import { fromIndexJson, type IndexContent, type NormalIndexJson, toIndexJson } from './index-json';
import { LogMel } from './log-mel';
import { type MachineNormals, type NearestNormal, NormalDistances } from './machine-normals';
import type { NormalLevel } from './normal-level';

export interface BuildNormalIndexOptions {
  /** Reads the samples of a clip, twice for those whose sound is kept. Default: from memory. */
  loadClip?: ClipLoader | undefined;
  /** Clips of a machine that it knows; of more, so many are taken evenly. Default 500. */
  maxClips?: number | undefined;
  /** Clips of a machine whose sound is kept, the most typical ones, 16 bits a sample. Default 3. */
  nKept?: number | undefined;
  /** Seconds that are kept of each of them. Default 10. */
  maxSeconds?: number | undefined;
  onProgress?: ((progress: { nDone: number; nTotal: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const BUILD_OPTIONS: OptionNames<BuildNormalIndexOptions> = {
  loadClip: true,
  maxClips: true,
  nKept: true,
  maxSeconds: true,
  onProgress: true,
  signal: true,
};

/** Which recording is asked for. */
export interface NearestOptions {
  /** Hz, of the waveform. */
  sampleRate: number;
  /** Which machine is heard; may be left out where the index knows only one. */
  machineId?: string | undefined;
}

const NEAREST_OPTIONS: OptionNames<NearestOptions> = { sampleRate: true, machineId: true };

/** A clip among its machine's normal ones. */
export interface NormalComparison {
  /** All known, the nearest first. */
  nearest: NearestNormal[];
  /** Of those whose sound is kept, the nearest. */
  normal: Recording & NearestNormal;
}

type IndexScorer = Pick<ClipScorer, 'embed' | 'input'>;

/**
 * A machine's normal clips, to compare with: an embedding of each (the scorer's own, where it has any; else the mean log-mel
 * spectrum), how loud the machine is in each mel band, and the sound of a few typical ones. With the defaults an index takes up to 1 MB
 * a machine for the sound, and 4 bytes a dimension and clip.
 *
 * @example
 * const index = await NormalIndex.build(scorer, trainingClips, { loadClip });
 * const [nearest] = await index.nearest(waveform, { sampleRate: 16000, machineId: '00' });
 */
export class NormalIndex {
  readonly #content: IndexContent;
  readonly #embedder: ClipEmbedder;
  readonly #distances: ReadonlyMap<string, NormalDistances>;

  private constructor(scorer: IndexScorer, mel: LogMel, content: IndexContent) {
    this.#content = content;
    this.#embedder = new ClipEmbedder(scorer, mel);
    this.#distances = new Map(
      [...content.machines].map(([machineId, normals]) => [machineId, new NormalDistances(normals)]),
    );
  }

  /**
   * @param clips of any machines; the normal ones of the split `train` are taken
   * @throws RangeError where there is none, for an option out of range or a clip too short; TypeError for other kinds; what
   *   `loadClip` and `embed` throw; the signal's reason
   */
  static async build(
    scorer: IndexScorer,
    clips: readonly Clip[],
    options: BuildNormalIndexOptions = {},
  ): Promise<NormalIndex> {
    const where = 'explain.NormalIndex.build';
    checkOptions(where, options, BUILD_OPTIONS);
    const {
      loadClip = loadMemoryClip,
      maxClips = 500,
      nKept = 3,
      maxSeconds = 10,
      onProgress,
      signal,
    } = options;
    checkNumber(`${where}: maxClips`, maxClips, POSITIVE_COUNT);
    checkNumber(`${where}: nKept`, nKept, POSITIVE_COUNT);
    checkNumber(`${where}: maxSeconds`, maxSeconds, numberFrom(1));
    const normal = clips.filter(({ label, split }) => label === 'normal' && split === 'train');
    if (normal.length === 0) {
      throw new RangeError(
        `${where}: clips must hold normal ones of the split train, got none of ${clips.length}.`,
      );
    }
    const taken = [...new Set(normal.map(({ machineId }) => machineId))].map((machineId) => {
      const own = normal.filter((clip) => clip.machineId === machineId);
      return [machineId, thinned(own, maxClips)] as const;
    });
    const nTotal = taken.reduce((sum, [, own]) => sum + own.length, 0);
    const { sampleRate } = scorer.input;
    const mel = new LogMel(sampleRate);
    const embedder = new ClipEmbedder(scorer, mel);
    let nDone = 0;
    const onClip = () => onProgress?.({ nDone: ++nDone, nTotal });
    const machines = new Map<string, MachineNormals>();
    for (const [machineId, own] of taken) {
      const settings = { loadClip, nKept, maxSeconds, onClip, signal };
      machines.set(machineId, await buildNormals({ embedder, mel }, own, settings));
    }
    return new NormalIndex(scorer, mel, { sampleRate, embedding: embedder.kind, machines });
  }

  /**
   * @param json what `toJSON` made, as an object or as text
   * @param scorer the one that it was built with, loaded again
   * @throws TypeError or RangeError for what is none, or another scorer's: of another rate, or with embeddings where it had none
   */
  static fromJSON(json: unknown, { scorer }: { scorer: IndexScorer }): NormalIndex {
    const where = 'explain.NormalIndex.fromJSON';
    const content = fromIndexJson(where, json);
    const mel = new LogMel(content.sampleRate);
    const { kind } = new ClipEmbedder(scorer, mel);
    if (scorer.input.sampleRate !== content.sampleRate || kind !== content.embedding) {
      throw new RangeError(
        `${where}: scorer must be the one that the index was built with (${content.sampleRate} Hz, embedding '${content.embedding}'), ` +
          `got one of ${scorer.input.sampleRate} Hz, '${kind}'. Build the index anew.`,
      );
    }
    return new NormalIndex(scorer, mel, content);
  }

  toJSON(): NormalIndexJson {
    return toIndexJson(this.#content);
  }

  get machineIds(): string[] {
    return [...this.#content.machines.keys()];
  }

  /**
   * The machine's normal clips that sound most alike, the nearest first.
   *
   * @param waveform mono samples, full scale = 1
   * @param k how many at most, default 1
   * @throws UnknownMachineIdError; RangeError or TypeError for a waveform or an option that is wrong; what `embed` throws
   */
  async nearest(waveform: Float32Array, options: NearestOptions, k = 1): Promise<NearestNormal[]> {
    checkNumber('explain.NormalIndex.nearest: k', k, POSITIVE_COUNT);
    return (await this.compare(waveform, options)).nearest.slice(0, k);
  }

  /**
   * As `nearest`, with all clips and the sound of the nearest one that is kept, for `occlusionMap`.
   * @throws as `nearest`
   */
  async compare(waveform: Float32Array, options: NearestOptions): Promise<NormalComparison> {
    const where = 'explain.NormalIndex.compare';
    checkOptions(where, options, NEAREST_OPTIONS);
    const machineId = this.#known(where, options.machineId);
    const { sampleRate, machines } = this.#content;
    const recording = { waveform, sampleRate: options.sampleRate };
    const embedding = await this.#embedder.embed(atRate(`${where}: waveform`, recording, sampleRate));
    const distances = this.#distances.get(machineId)!;
    if (embedding.length !== distances.nDimensions) {
      throw new RangeError(
        `${where}: the scorer must give embeddings of ${distances.nDimensions} dimensions, as the index has, got ${embedding.length}. ` +
          'Build the index anew.',
      );
    }
    const nearest = distances.rank(embedding);
    const { kept } = machines.get(machineId)!;
    const best = nearest.find(({ name }) => kept.some((clip) => clip.name === name)) ?? nearest[0]!;
    const { waveform: sound } = kept.find(({ name }) => name === best.name) ?? kept[0]!;
    return { nearest, normal: { ...best, waveform: sound, sampleRate } };
  }

  /**
   * How loud a machine normally is, for `differenceSpectrogram`.
   * @throws UnknownMachineIdError
   */
  levelOf(machineId?: string): NormalLevel {
    return this.#content.machines.get(this.#known('explain.NormalIndex.levelOf', machineId))!.level;
  }

  #known(where: string, machineId: string | undefined): string {
    const ids = this.machineIds;
    const known = machineId === undefined && ids.length === 1 ? ids[0] : findMachineId(ids, machineId ?? '');
    if (known !== undefined) return known;
    throw new UnknownMachineIdError(
      `${where}: machineId must be one of ${ids.join(', ')}, got ${show(machineId)}.`,
      machineId,
      ids,
    );
  }
}
