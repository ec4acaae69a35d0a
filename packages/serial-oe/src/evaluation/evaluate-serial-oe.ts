import { type Clip, type Dataset, findMachineId, seededRandom } from '@serial-oe/datasets';
import {
  type BootstrapInterval,
  bootstrapInterval,
  type ClipResult,
  type Summary,
  summarize,
} from '@serial-oe/evaluation';
import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { ClipScore } from '@serial-oe/runtime';
import { TrainingDataError } from '@serial-oe/runtime';
import { clipKey } from '../model/provenance';
import type { SerialOeModel } from '../model/serial-oe-model';
import { type ScoringThreadOptions, scoreClips } from './score-clips';

export interface EvaluateSerialOeOptions extends ScoringThreadOptions {
  dataset: Dataset;
  /** Highest false-positive rate of pAUC; default 0.1. */
  maxFpr?: number | undefined;
  onProgress?: ((progress: { nDone: number; nTotal: number }) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<EvaluateSerialOeOptions> = {
  dataset: true,
  maxFpr: true,
  workers: true,
  featureWorkers: true,
  onProgress: true,
  signal: true,
};

/** One scored test clip. */
export interface ScoredClip extends ClipResult {
  path: string;
  label: Clip['label'];
  isAnomaly: boolean;
  threshold: number;
}

/** How sure a machine ID's AUC is, and how its threshold did. */
export interface DecisionSummary {
  machineId: string;
  /** 95 % bootstrap interval of the AUC; null where a class is missing. */
  aucInterval: BootstrapInterval | null;
  threshold: number;
  /** Share of the normal clips that were called anomalous; null without normal clips. */
  falsePositiveRate: number | null;
  /** Share of the anomalous clips that were found; null without anomalous clips. */
  truePositiveRate: number | null;
}

export interface SerialOeEvaluation {
  machineType: string;
  results: ScoredClip[];
  summary: Summary;
  decisions: DecisionSummary[];
  /** Test clips of machine IDs that the model has no detector for, by ID; not scored. */
  unknownMachineIds: Record<string, number>;
  /** Test clips that were put aside when the model was trained with known anomalies; not scored. */
  nHeldOut: number;
}

/**
 * Scores the test clips of the model's machine type and measures how well the scores tell anomalies from normal sounds.
 *
 * @throws TrainingDataError where the data set has no test clip of the model's type and IDs
 */
export async function evaluateSerialOe(
  model: SerialOeModel,
  options: EvaluateSerialOeOptions,
): Promise<SerialOeEvaluation> {
  checkOptions('serial-oe.evaluateSerialOe', options, OPTIONS);
  const { dataset, maxFpr, onProgress, signal } = options;
  const { machineType, config } = model;
  const heldOut = new Set(model.provenance.heldOutClips);
  const ofType = dataset.clips.filter((clip) => clip.split === 'test' && clip.machineType === machineType);
  const offered = ofType.filter((clip) => !heldOut.has(clipKey(clip)));
  const isKnown = (clip: Clip) =>
    !config.useMachineIds || findMachineId(model.machineIds, clip.machineId) !== undefined;
  const clips = offered.filter(isKnown).map((clip) => {
    const known = config.useMachineIds ? findMachineId(model.machineIds, clip.machineId) : undefined;
    return known === undefined ? clip : { ...clip, machineId: known };
  });
  if (clips.length === 0) throw nothingToScore(model, ofType, offered);
  const scores = await scoreClips(model, clips, {
    workers: options.workers,
    featureWorkers: options.featureWorkers,
    onProgress,
    signal,
  });
  const results = clips.map(({ path, machineId, label }, i): ScoredClip => {
    const { anomalyScore, isAnomaly, threshold } = scores[i] as ClipScore;
    return { path, machineType, machineId, label, anomalyScore, isAnomaly, threshold };
  });
  return {
    machineType,
    results,
    summary: summarize(results, maxFpr === undefined ? {} : { maxFpr }),
    decisions: [...new Set(results.map(({ machineId }) => machineId))].map((id) => decide(id, results)),
    unknownMachineIds: countBy(offered.filter((clip) => !isKnown(clip))),
    nHeldOut: ofType.length - offered.length,
  };
}

function decide(machineId: string, results: readonly ScoredClip[]): DecisionSummary {
  const ofMachine = results.filter((result) => result.machineId === machineId);
  const rate = (label: Clip['label']) => {
    const ofLabel = ofMachine.filter((result) => result.label === label);
    return ofLabel.length === 0 ? null : ofLabel.filter(({ isAnomaly }) => isAnomaly).length / ofLabel.length;
  };
  return {
    machineId,
    aucInterval: aucInterval(machineId, ofMachine),
    threshold: (ofMachine[0] as ScoredClip).threshold,
    falsePositiveRate: rate('normal'),
    truePositiveRate: rate('anomaly'),
  };
}

function aucInterval(machineId: string, results: readonly ScoredClip[]): BootstrapInterval | null {
  const labels = results.map(({ label }) => label);
  if (new Set(labels).size < 2) return null;
  const scores = results.map(({ anomalyScore }) => anomalyScore);
  return bootstrapInterval({ labels, scores, random: seededRandom(0, 'bootstrap', machineId) });
}

function countBy(clips: readonly Clip[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { machineId } of clips) counts[machineId] = (counts[machineId] ?? 0) + 1;
  return counts;
}

function nothingToScore(
  model: SerialOeModel,
  ofType: readonly Clip[],
  offered: readonly Clip[],
): TrainingDataError {
  const { machineType, machineIds } = model;
  const reason =
    ofType.length === 0
      ? `none of the type ${machineType}`
      : offered.length === 0
        ? 'only clips that the model was trained with'
        : `only IDs that the model does not know (${Object.keys(countBy(offered)).join(', ')})`;
  return new TrainingDataError(
    `serial-oe.evaluateSerialOe: dataset must hold test clips of ${machineType} ${machineIds.join(', ')}, got ${reason}.`,
  );
}
