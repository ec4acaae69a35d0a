import { type Clip, seededRandom, sessionOf } from '@serial-oe/datasets';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import { GaussianMixture } from '@serial-oe/gmm';
import type { Embeddings, NormalScore } from '@serial-oe/runtime';
import { TrainingDataError, TrainingDivergedError, throwIfStopped } from '@serial-oe/runtime';
import { clipsAhead } from '@serial-oe/training';
import type { SerialOeConfig } from '../config/config';
import type { TrainingSet } from '../data/training-set';
import type { SpectrogramSource } from '../features/spectrogram-source';
import type { TrainingProgress } from '../training/progress';
import { bandLevels } from './band-levels';
import { spreadOf } from './clip-detector';
import type { Detector } from './detector';
import { clipsOfDetector, detectorNames } from './detector-clips';
import { effectiveRank } from './effective-rank';
import type { ChunkEmbedder } from './embedder';
import { Familiarity } from './familiarity';
import { fitDetector, withThreshold } from './fit-detector';
import { asUnseen, asUnseenOfBorrower, measureUnseenShift } from './unseen-scores';

export interface FitDetectorsOptions {
  set: TrainingSet;
  config: SerialOeConfig;
  source: SpectrogramSource;
  embedder: ChunkEmbedder;
  onProgress: (progress: TrainingProgress) => void;
  signal: AbortSignal | undefined;
}

/**
 * Embeddings whose variance is below this share of `regCovar`, the variance that each mixture component adds by itself,
 * leave a mixture nothing to learn from.
 */
const MIN_VARIANCE_SHARE = 0.01;

/** What a trained extractor becomes a model by. */
export interface FittedDetectors {
  detectors: Map<string, Detector>;
  familiarity: Familiarity | null;
  /** Of the normal clips, by fits that had not seen them where that can be had. */
  normalScores: NormalScore[];
  /** See `effectiveRank`; of all chunks. */
  effectiveRank: number;
}

/**
 * One detector a machine ID, on the embeddings of that ID's normal clips (all chunks of each), and what the clips sound
 * like, for telling sounds that training did not have. Each clip is embedded once. Known anomalies take no part.
 */
export async function fitDetectors(options: FitDetectorsOptions): Promise<FittedDetectors> {
  const { set, config, signal } = options;
  const { embeddings, levels } = await embedClips(options);
  warnOfCollapse([...embeddings.values()], options);
  const fits: FittedMachine[] = [];
  const spread = spreadOf([...byMachine(set, embeddings).values()]);
  for (const machineId of detectorNames(set, config)) {
    throwIfStopped(
      signal,
      'while fitting the detectors; a checkpoint holds the trained extractor, if there is one',
    );
    const { fitted, validation } = clipsOfDetector(set, config, machineId);
    const ofClips = (indices: readonly number[]) => indices.map((i) => embeddings.get(i) as Embeddings);
    const detector = fitOne(machineId, ofClips(fitted), {
      detector: config.detector,
      decision: config.decision,
      validation: ofClips(validation),
      spread,
      sessions: fitted.map((i) => sessionOf((set.clips[i] as Clip).path)),
      random: () => seededRandom(config.seed, 'mixture', machineId),
    });
    fits.push({ machineId, detector, scored: validation.length > 0 ? validation : fitted });
  }
  const machines = config.detector.fitOn === 'all' ? withUnseenThresholds(fits, options) : fits;
  for (const { machineId, detector } of machines) tellDetector(machineId, detector, options);
  // Machine by machine, whether or not they share a detector: a mean over machines would be near none of them.
  return {
    detectors: new Map(machines.map(({ machineId, detector }) => [machineId, detector])),
    familiarity: Familiarity.fit(byMachine(set, levels)),
    normalScores: machines.flatMap((machine) => scoresOf(set, machine)),
    effectiveRank: effectiveRank([...embeddings.values()]),
  };
}

interface FittedMachine {
  machineId: string;
  detector: Detector;
  /** What the threshold was set on, as indices of the set's clips; in the order of the detector's `normalScores`. */
  scored: readonly number[];
}

/** The same detectors with thresholds as clips would have them that the extractor has not seen. */
function withUnseenThresholds(
  fits: readonly FittedMachine[],
  { set, config }: Pick<FitDetectorsOptions, 'set' | 'config'>,
): FittedMachine[] {
  const heldOut = new Set(set.validationNormal);
  const machines = fits.map(({ detector: { calibration, normalScores }, scored }) => ({
    // Scores that are borrowed or in sample are no measure of a clip that was held out.
    scores: calibration.method === 'crossFit' ? normalScores : [],
    isHeldOut: scored.map((i) => heldOut.has(i)),
  }));
  const shift = measureUnseenShift(machines);
  return fits.map((fit, i) => {
    const { detector } = fit;
    if (detector.calibration.method === 'borrowed') {
      const moved = (score: number) =>
        asUnseenOfBorrower(score, { center: detector.normalScores[0]!, lenders: machines, shift });
      const set = { threshold: moved(detector.threshold), normalScores: detector.normalScores.map(moved) };
      return { ...fit, detector: withThreshold(detector, { ...set, method: 'borrowed' }) };
    }
    if (machines[i]!.scores.length === 0) return fit;
    const normalScores = asUnseen(machines[i]!, shift);
    const threshold = thresholdFromNormals(normalScores, config.decision.falseAlarmRate);
    return { ...fit, detector: withThreshold(detector, { threshold, normalScores, method: 'unseen' }) };
  });
}

/** What the detector's threshold was set on, clip by clip. */
function scoresOf({ clips }: TrainingSet, { detector, scored }: FittedMachine): NormalScore[] {
  return scored.map((index, i) => {
    const { path, machineId } = clips[index] as Clip;
    return { path, machineId, anomalyScore: detector.normalScores[i]! };
  });
}

/** What is known of clips, by the machine ID of the clip. */
function byMachine<T>({ clips }: TrainingSet, ofClips: ReadonlyMap<number, T>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const [i, ofClip] of ofClips) {
    const { machineId } = clips[i] as Clip;
    const group = groups.get(machineId);
    if (group) group.push(ofClip);
    else groups.set(machineId, [ofClip]);
  }
  return groups;
}

async function embedClips({
  set,
  config,
  source,
  embedder,
  onProgress,
  signal,
}: FitDetectorsOptions): Promise<{
  embeddings: Map<number, Embeddings>;
  levels: Map<number, Float64Array>;
}> {
  const train = config.detector.fitOn === 'validation' ? [] : set.normal;
  const indices = [...train, ...set.validationNormal];
  const embeddings = new Map<number, Embeddings>();
  const levels = new Map<number, Float64Array>();
  for (const { index, features } of clipsAhead(source, indices)) {
    throwIfStopped(
      signal,
      'while embedding clips; a checkpoint holds the trained extractor, if there is one',
    );
    const spectrograms = await features;
    levels.set(index, bandLevels(spectrograms, config.frontEnd));
    const embedded = await embedder.embedAsync(spectrograms);
    checkEmbedding(embedded, set.clips[index] as Clip, config);
    embeddings.set(index, embedded);
    onProgress({ kind: 'embedding', nDone: embeddings.size, nTotal: indices.length });
  }
  return { embeddings, levels };
}

/** Weights that are finite and yet too large are what the last updates of a training that diverges leave. */
function checkEmbedding({ data }: Embeddings, { path }: Clip, { optimization }: SerialOeConfig): void {
  const wrong = data.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new TrainingDivergedError(
    `serial-oe.trainSerialOe: the trained network must embed every clip as finite numbers, got ${wrong} for ${path}: the training ` +
      'has diverged in its last updates. Lower the learning rate (optimization.maxLearningRate), or look for recordings with extreme values.',
    { epoch: optimization.nEpochs - 1, step: 0 },
  );
}

function fitOne(
  machineId: string,
  clips: readonly Embeddings[],
  options: Parameters<typeof fitDetector>[1],
): Detector {
  if (clips.length === 0) {
    throw new TrainingDataError(
      `serial-oe.trainSerialOe: machine ID ${machineId} must have held-out clips to fit its detector on, got none. ` +
        "Raise validation.fraction, or set detector.fitOn to 'train'.",
    );
  }
  try {
    return fitDetector(clips, options);
  } catch (cause) {
    throw new TrainingDataError(
      `serial-oe.trainSerialOe: the detector of machine ID ${machineId} cannot be fitted on ${clips.length} clip(s): ` +
        (cause as Error).message,
      { cause },
    );
  }
}

/** An extractor that has hardly been trained embeds every clip alike, and scores then mean nothing. */
function warnOfCollapse(
  clips: readonly Embeddings[],
  { config, onProgress }: Pick<FitDetectorsOptions, 'config' | 'onProgress'>,
): void {
  if (clips.length === 0) return; // fitOne says why
  if (config.detector.kind !== 'gaussianMixture') return; // what is shrunk towards its own variance has no floor to fall below
  const variance = meanVariance(clips);
  if (variance >= MIN_VARIANCE_SHARE * config.detector.regCovar) return;
  const message =
    `the extractor embeds all normal clips nearly alike (variance ${variance.toExponential(1)}, far below ` +
    `detector.regCovar ${config.detector.regCovar}): scores of this model mean little. Train for more steps: more epochs, or more clips.`;
  onProgress({ kind: 'warning', message });
}

/** Population variance of each coordinate over all chunks, averaged over the coordinates. */
function meanVariance(clips: readonly Embeddings[]): number {
  const nCols = clips[0]?.nCols ?? 0;
  const nRows = clips.reduce((sum, clip) => sum + clip.nRows, 0);
  const means = new Float64Array(nCols);
  let total = 0;
  for (const { data } of clips) for (const [i, value] of data.entries()) means[i % nCols]! += value / nRows;
  for (const { data } of clips)
    for (const [i, value] of data.entries()) total += (value - means[i % nCols]!) ** 2;
  return total / (nRows * nCols);
}

/** Says how the fit of a machine's detector went. */
function tellDetector(
  machineId: string,
  { calibration, outlierDetector, threshold }: Detector,
  { config, onProgress }: Pick<FitDetectorsOptions, 'config' | 'onProgress'>,
): void {
  const isMixture = outlierDetector instanceof GaussianMixture;
  const { converged, nIter } = isMixture ? outlierDetector : { converged: true, nIter: 1 };
  onProgress({ kind: 'detector', machineId, converged, nIter, threshold });
  const warn = (message: string) => onProgress({ kind: 'warning', message });
  if (calibration.method === 'inSample') {
    warn(
      `machine ID ${machineId} has one normal clip: its threshold is set on the clip that it was fitted on.`,
    );
  }
  if (calibration.method === 'borrowed') {
    warn(
      `machine ID ${machineId} has few normal clips: their spread is taken from the other machines of its type.`,
    );
  }
  if (isMixture && config.detector.kind === 'clipMahalanobis') {
    warn(
      `machine ID ${machineId} has too few clips that differ for a distance between clips: a mixture of its chunks stands in.`,
    );
  }
  if (!converged) warn(`the mixture of machine ID ${machineId} did not converge in ${nIter} iterations.`);
}
