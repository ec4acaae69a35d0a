import { checkFinite, findMachineId, seededRandom } from '@serial-oe/datasets';
import { MahalanobisDistance } from '@serial-oe/detectors';
import { checkOptions, type OptionNames, show } from '@serial-oe/foundation';
import type { ClipScore, ClipToScore, Embeddings, ScoreOptions, Spectrograms } from '@serial-oe/runtime';
import { UnknownMachineIdError } from '@serial-oe/runtime';
import type { SerialOeConfig } from '../config/config';
import { FrontEnd } from '../features/front-end';
import type { FinetuneOptions, FinetuneRecordings } from '../finetune/finetune-options';
import { tunedTraining } from '../finetune/tuned-training';
import type { Platform } from '../platform';
import { trainParts } from '../train-parts';
import { bandLevels } from './band-levels';
import { saveBundle } from './bundle-files';
import { MIN_CLIPS, movedTo } from './clip-detector';
import { clipScore, Detector } from './detector';
import { embedTogether } from './embed-together';
import { UNLIKE_TRAINING } from './familiarity';
import { fitDetector } from './fit-detector';
import { ALL_MACHINES, type ModelParts } from './model-parts';
import { type ToOnnxOptions, toOnnxFile } from './onnx-file';
import type { Provenance } from './provenance';
import { startModelOf } from './start-model';
import type { SaveOptions } from './write-bundle';

/** A recording's sample rate, Hz. */
interface EmbedOptions {
  sampleRate: number;
}

/** Normal recordings of one machine; they share one sample rate, Hz. */
interface Recordings {
  waveforms: readonly Float32Array[];
  sampleRate: number;
  /** Of each, the day or session that it was recorded in: the threshold is set by leaving whole days out. */
  sessions?: readonly (string | undefined)[] | undefined;
}

const SCORE_OPTIONS: OptionNames<ScoreOptions> = { sampleRate: true, machineId: true, machineType: true };
const EMBED_OPTIONS: OptionNames<EmbedOptions> = { sampleRate: true };
const ONNX_OPTIONS: OptionNames<ToOnnxOptions> = { weights: true };
const RECORDINGS: OptionNames<Recordings> = { waveforms: true, sampleRate: true, sessions: true };

/** A trained model of one machine type: extractor, one detector a machine ID, thresholds. */
export class SerialOeModel {
  /** What the model was trained by. */
  readonly config: SerialOeConfig;
  readonly machineType: string;
  readonly provenance: Provenance;
  /** Where the model runs: Node or a browser. */
  readonly platform: Platform;
  readonly #parts: ModelParts;
  readonly #frontEnd: FrontEnd;

  /** Use `trainSerialOe` or `loadSerialOe`. */
  constructor(parts: ModelParts, platform: Platform) {
    this.platform = platform;
    this.config = parts.config;
    this.machineType = parts.machineType;
    this.provenance = parts.provenance;
    this.#parts = parts;
    this.#frontEnd = new FrontEnd(parts.config.frontEnd);
  }

  /** IDs with a detector; `['all']` for a model without machine IDs. */
  get machineIds(): string[] {
    return [...this.#parts.detectors.keys()];
  }

  /** Mixture, threshold and calibration of each machine ID. */
  get detectors(): ReadonlyMap<string, Detector> {
    return this.#parts.detectors;
  }

  /**
   * What computes embeddings here: `wasm-relaxed-simd` or `wasm-simd` on the WASM backend, `tfjs` elsewhere and where
   * WebAssembly has no SIMD, `onnx` on an ONNX runtime.
   */
  get operations(): string {
    return this.#parts.embedder.operations;
  }

  /** Everything that a bundle holds. */
  get parts(): Readonly<ModelParts> {
    return this.#parts;
  }

  /**
   * Scores one clip.
   *
   * @param waveform mono samples, full scale = 1, at least one chunk (2 s) long
   * @returns the clip's score and verdict, and the score of each chunk
   * @throws UnknownMachineIdError without a detector for the ID; RangeError or TypeError for a waveform that is
   *   empty, too short or not finite, a sample rate that is no positive number, or an option that there is not
   * @example
   * const { anomalyScore, isAnomaly } = model.score(waveform, { machineId: '00', sampleRate: 16000 });
   */
  score(waveform: Float32Array, options: ScoreOptions): ClipScore {
    checkScoreOptions('score', options);
    const detector = this.#detector('score', options.machineId);
    const spectrograms = this.#spectrograms('score', waveform, options.sampleRate);
    return this.#verdict(detector, { spectrograms, embeddings: this.#parts.embedder.embed(spectrograms) });
  }

  /** As {@link score}, for ONNX runtimes and backends that can only be read asynchronously (WebGPU). */
  async scoreAsync(waveform: Float32Array, options: ScoreOptions): Promise<ClipScore> {
    checkScoreOptions('scoreAsync', options);
    const detector = this.#detector('scoreAsync', options.machineId);
    const spectrograms = this.#spectrograms('scoreAsync', waveform, options.sampleRate);
    return this.#verdictAsync(detector, spectrograms);
  }

  /**
   * As {@link scoreAsync} of each clip, in their order. Their chunks go through the network side by side, which takes less time where a
   * clip has fewer than four.
   * @throws for the first clip that cannot be scored, before any is
   */
  async scoreMany(clips: readonly ClipToScore[]): Promise<ClipScore[]> {
    const heard = clips.map(({ waveform, options }) => {
      checkScoreOptions('scoreMany', options);
      const detector = this.#detector('scoreMany', options.machineId);
      return { detector, spectrograms: this.#spectrograms('scoreMany', waveform, options.sampleRate) };
    });
    const { embedder } = this.#parts;
    const embeddings = await embedTogether(
      embedder,
      heard.map(({ spectrograms }) => spectrograms),
    );
    return heard.map(({ detector, spectrograms }, i) =>
      this.#verdict(detector, { spectrograms, embeddings: embeddings[i]! }),
    );
  }

  /** Scores spectrograms that `clipSpectrograms` of this model's front end made; for pipelines that compute them apart. */
  async scoreSpectrograms(spectrograms: Spectrograms, machineId?: string): Promise<ClipScore> {
    const detector = this.#detector('scoreSpectrograms', machineId);
    return this.#verdictAsync(detector, spectrograms);
  }

  /**
   * Embeddings of the chunks of a clip, `[nChunks, embeddingSize]`.
   * @throws RangeError or TypeError as {@link score}
   */
  embed(waveform: Float32Array, options: EmbedOptions): Embeddings {
    checkOptions('serial-oe.embed', options, EMBED_OPTIONS);
    return this.#parts.embedder.embed(this.#spectrograms('embed', waveform, options.sampleRate));
  }

  /** As {@link embed}, on any backend. */
  async embedAsync(waveform: Float32Array, options: EmbedOptions): Promise<Embeddings> {
    checkOptions('serial-oe.embedAsync', options, EMBED_OPTIONS);
    const spectrograms = this.#spectrograms('embedAsync', waveform, options.sampleRate);
    return this.#parts.embedder.embedAsync(spectrograms);
  }

  /**
   * Gives a machine that training did not know a detector of its own; the extractor stays as it is. An ID that is
   * known already, in any spelling (`0`, `00`, `id_00`), gets a new detector in place of the old one.
   *
   * @param recordings normal recordings of that machine, the more the better; they share one sample rate, Hz
   * @throws RangeError where there is no recording, and as {@link score} for a bad one
   */
  async addMachineId(machineId: string, recordings: Recordings): Promise<Detector> {
    if (typeof machineId !== 'string' || machineId === '') {
      throw new TypeError(`serial-oe.addMachineId: machineId must be a name, got ${show(machineId)}.`);
    }
    const name = findMachineId(this.machineIds, machineId) ?? machineId;
    checkOptions('serial-oe.addMachineId', recordings, RECORDINGS);
    const { waveforms, sampleRate } = recordings;
    if (waveforms.length === 0) {
      throw new RangeError(
        'serial-oe.addMachineId: waveforms must hold at least one normal recording, got none.',
      );
    }
    const clips: Embeddings[] = [];
    const levels: Float64Array[] = [];
    for (const waveform of waveforms) {
      const spectrograms = this.#spectrograms('addMachineId', waveform, sampleRate);
      levels.push(bandLevels(spectrograms, this.config.frontEnd));
      clips.push(await this.#parts.embedder.embedAsync(spectrograms));
    }
    const detector = this.#borrowedDetector(clips) ?? this.#ownDetector(name, clips, recordings.sessions);
    this.#parts.detectors.set(name, detector);
    this.#parts.familiarity = this.#parts.familiarity?.with(name, levels) ?? null;
    return detector;
  }

  /**
   * Trains on from this model with what was learnt in use: recordings of faults join the outliers, further normal ones the normal clips,
   * and detectors and thresholds are fitted anew. By default a quarter of the preset's epochs at a tenth of its learning rate, and a
   * quarter of the outliers of a batch are the anomalies (`config` changes it). It takes as long as that share of a training, and
   * checkpoints, progress and abort are those of `trainSerialOe`. Whether the new model is better only an evaluation on recordings tells
   * that neither was trained with.
   *
   * Recordings that are test clips of the data set leave it, and are noted so that `evaluateSerialOe` skips them.
   *
   * @returns another model; this one stays as it is. Dispose both
   * @throws TrainingDataError without a recording; otherwise as `trainSerialOe`
   * @example
   * const better = await model.finetune({ anomalies: [{ machineId: '00', waveform, sampleRate }] }, { dataset });
   */
  async finetune(recordings: FinetuneRecordings, options: FinetuneOptions = {}): Promise<SerialOeModel> {
    const training = tunedTraining(this.#parts, recordings, options);
    return new SerialOeModel(
      await trainParts(this.platform, training, startModelOf(this.#parts)),
      this.platform,
    );
  }

  /**
   * Writes the model: into a folder, or into one file where `target` ends in `.serialoe` or `.zip`. A model that is there already is
   * replaced as a whole.
   * @param options `weights: 'float16'` halves the size
   * @throws BundleError where something else than a model stands there, or there is no file system; RangeError for weights that float16
   *   cannot hold
   */
  async save(target: string, options: SaveOptions = {}): Promise<void> {
    await saveBundle(this.#parts, { target, platform: this.platform, options });
  }

  /**
   * The extractor as an ONNX file: input `features` `[batch, 1, nMels, nFrames]`, output `embedding` `[batch, embeddingSize]`.
   * Its metadata holds the front end's configuration, by which the spectrograms are made; the mixtures stay in the bundle.
   * @throws RangeError for weights that float16 cannot hold
   */
  toOnnx(options: ToOnnxOptions = {}): Uint8Array {
    checkOptions('serial-oe.toOnnx', options, ONNX_OPTIONS);
    return toOnnxFile(this.#parts, options);
  }

  /** Frees the tensors; the model is of no use afterwards. */
  dispose(): void {
    this.#parts.embedder.dispose();
  }

  #ownDetector(machineId: string, clips: readonly Embeddings[], sessions: Recordings['sessions']): Detector {
    const { detector, decision, seed } = this.config;
    const random = () => seededRandom(seed, 'mixture', machineId);
    return fitDetector(clips, { detector, decision, validation: [], sessions, random });
  }

  /** Of a machine with too few clips for a spread of its own: another machine's, moved; null where that is not needed. */
  #borrowedDetector(clips: readonly Embeddings[]): Detector | null {
    if (clips.length >= MIN_CLIPS || this.config.detector.kind !== 'clipMahalanobis') return null;
    for (const { outlierDetector, unit, threshold, calibration } of this.#parts.detectors.values()) {
      if (unit !== 'clip' || !(outlierDetector instanceof MahalanobisDistance)) continue;
      return new Detector(movedTo(outlierDetector, clips), {
        ...{ unit, threshold },
        calibration: { ...calibration, method: 'borrowed' },
      });
    }
    return null;
  }

  async #verdictAsync(detector: Detector, spectrograms: Spectrograms): Promise<ClipScore> {
    return this.#verdict(detector, {
      spectrograms,
      embeddings: await this.#parts.embedder.embedAsync(spectrograms),
    });
  }

  #verdict(
    { outlierDetector, threshold, unit }: Detector,
    { spectrograms, embeddings }: { spectrograms: Spectrograms; embeddings: Embeddings },
  ): ClipScore {
    const { anomalyScore, chunkScores } = clipScore(outlierDetector, embeddings, {
      ...this.config.decision,
      unit,
    });
    const distance = this.#parts.familiarity?.distance(bandLevels(spectrograms, this.config.frontEnd));
    const isFar = distance === undefined ? undefined : distance > UNLIKE_TRAINING;
    return {
      ...{ anomalyScore, chunkScores, isAnomaly: anomalyScore > threshold, threshold },
      ...{ distanceFromTraining: distance, isUnlikeTraining: isFar },
    };
  }

  #spectrograms(caller: string, waveform: Float32Array, sampleRate: number): Spectrograms {
    const where = `serial-oe.${caller}`;
    if (!(waveform instanceof Float32Array) && !ArrayBuffer.isView(waveform)) {
      throw new TypeError(
        `${where}: waveform must be a Float32Array of mono samples, got ${typeof waveform}.`,
      );
    }
    if (!Number.isFinite(sampleRate) || sampleRate <= 0) {
      throw new RangeError(`${where}: sampleRate must be a positive number of Hz, got ${sampleRate}.`);
    }
    checkFinite(waveform, 'the waveform');
    const resampled = this.#frontEnd.toSampleRate(waveform, { sampleRate, name: 'the waveform' });
    return this.#frontEnd.clipSpectrograms(resampled, this.#parts.amplitude);
  }

  #detector(caller: string, machineId: string | undefined): Detector {
    const { detectors } = this.#parts;
    const known = this.machineIds;
    const own = machineId === undefined ? undefined : findMachineId(known, machineId);
    const isTypeWide = !this.config.useMachineIds && own === undefined;
    const only = machineId === undefined && known.length === 1 ? known[0] : undefined;
    const key = isTypeWide ? ALL_MACHINES : (own ?? only);
    const detector = key === undefined ? undefined : detectors.get(key);
    if (detector === undefined) {
      throw new UnknownMachineIdError(
        `serial-oe.${caller}: machineId must be one of ${known.join(', ')}, got ${JSON.stringify(machineId)}. ` +
          'A new machine gets a detector with model.addMachineId.',
        machineId,
        known,
      );
    }
    return detector;
  }
}

function checkScoreOptions(caller: string, options: ScoreOptions | undefined): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `serial-oe.${caller}: options must be { sampleRate, machineId }, got ${show(options)}.`,
    );
  }
  checkOptions(`serial-oe.${caller}`, options, SCORE_OPTIONS);
}
