import { type Clip, type ClipLoader, type Dataset, findMachineId } from '@serial-oe/datasets';
import { type ClipResult, summarize } from '@serial-oe/evaluation';
import {
  type ChosenTestClips,
  type ClipScore,
  chooseTestClips,
  type Evaluation,
  measureScores,
} from '@serial-oe/runtime/contract';
import { heldOutClipsOf, type LoadedModel } from '../model/loaded-model';
import { clipsAsCalled, typeToTell } from '../model/machine-names';
import { clipsAtOnce, type ReadSamples, scoreBy, scoreRecordings } from '../score/score-recordings';
import type { FittedBaseline } from './fit-baselines';
import type { ComparedSystem } from './where-others-win';

export interface EvaluateModelOptions {
  dataset: Dataset;
  /** Asked about the same clips. */
  baselines: readonly FittedBaseline[];
  /** Highest false-positive rate of pAUC; default 0.1. */
  maxFpr: number | undefined;
  loadClip: ClipLoader;
  signal: AbortSignal;
  onProgress(progress: { nDone: number; nTotal: number }): void;
}

/** A model's figures, and those of other systems on the same clips. */
export interface ModelEvaluation {
  evaluation: Evaluation;
  /** Each member of an ensemble alone, then the baselines; none of a machine that a baseline does not know. */
  compared: ComparedSystem[];
}

/** The scores of a clip: the model's, and of each baseline that knows the machine. */
interface AllScores {
  own: ClipScore;
  baselines: (number | null)[];
}

/** The model's test clips in a data set, those of a model of all types by its names for their machines. @throws TrainingDataError where there are none */
export function testClipsOf(model: LoadedModel, dataset: Dataset): ChosenTestClips {
  const { machineType, machineIds, usesMachineIds } = model;
  const isOfOneType = typeToTell(machineType) !== undefined;
  const heldOutClips = heldOutClipsOf(model).map((key) => (isOfOneType ? key : `${machineType}/${key}`)); // `clipKey` of a clip as it is called
  const tested = { machineType, machineIds, usesMachineIds, heldOutClips };
  return chooseTestClips({ clips: clipsAsCalled(model, dataset.clips) }, tested, 'serial-oe evaluate');
}

/**
 * Scores the test clips by the model, by each member of an ensemble alone, and by baselines, and measures how well each tells
 * anomalies from normal sounds. Each clip is read once.
 *
 * @throws TrainingDataError where the data set has no test clip of the model's type and IDs; DatasetError or RangeError for a clip
 *   that cannot be used
 */
export async function evaluateModel(
  model: LoadedModel,
  { dataset, baselines, maxFpr, loadClip, signal, onProgress }: EvaluateModelOptions,
): Promise<ModelEvaluation> {
  const chosen = testClipsOf(model, dataset);
  const { clips } = chosen;
  const ownScore = scoreBy(model);
  const score = async (clip: Clip, audio: ReadSamples): Promise<AllScores> => {
    const own = ownScore(clip, audio);
    const others = Promise.all(baselines.map(({ scorer }) => baselineScore(scorer, clip, audio)));
    return { own: await own, baselines: await others };
  };
  const scores: AllScores[] = [];
  const nAtOnce = await clipsAtOnce(model, clips.length);
  for await (const scored of scoreRecordings(clips, { read: loadClip, score, nAtOnce, signal })) {
    if ('error' in scored) throw scored.error;
    scores.push(scored.score);
    onProgress({ nDone: scores.length, nTotal: clips.length });
  }
  const { machineType } = model;
  const evaluation = measureScores(
    chosen,
    scores.map(({ own }) => own),
    { machineType, maxFpr },
  );
  const summaryOf = (of: (i: number) => number | null | undefined) => {
    const results = evaluation.results.flatMap((result, i): ClipResult[] => {
      const anomalyScore = of(i) ?? null;
      return anomalyScore === null ? [] : [{ ...result, anomalyScore }];
    });
    return results.length === 0 ? null : summarize(results, maxFpr === undefined ? {} : { maxFpr });
  };
  const members = model.systems.length > 1 ? model.systems : [];
  const all = [
    ...members.map((system) => ({
      ...{ system, isMember: true },
      summary: summaryOf((i) => evaluation.results[i]!.members?.[system]),
    })),
    ...baselines.map(({ system }, b) => ({
      ...{ system, isMember: false },
      summary: summaryOf((i) => scores[i]!.baselines[b]),
    })),
  ];
  const compared = all.flatMap(({ summary, ...each }) => (summary === null ? [] : [{ ...each, summary }]));
  return { evaluation, compared };
}

/** Null for a machine that the baseline does not know. */
async function baselineScore(
  scorer: FittedBaseline['scorer'],
  clip: Clip,
  { waveform, sampleRate }: ReadSamples,
): Promise<number | null> {
  const machineId = findMachineId(scorer.machineIds, clip.machineId);
  if (machineId === undefined) return null;
  return (await scorer.score(waveform, { sampleRate, machineId })).anomalyScore;
}
