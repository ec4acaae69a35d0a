import type { Clip } from '@serial-oe/datasets';
import type { NormalThreshold } from '@serial-oe/decision';
import {
  type ClipScorer,
  type DatedScore,
  type DecisionRule,
  Decisions,
  datedScore,
  levelsFor,
  saveModelFiles,
  TrainingDataError,
  withDecisions,
} from '@serial-oe/runtime/contract';
import { createFileAccess, createNodePlatform } from '@serial-oe/runtime/node/files';
import { filesWithCard } from '../card/card-of-model';
import { UsageError } from '../command/usage-error';
import { type LabelledClips, readLabelledClips } from '../finetune/labelled-clips';
import { sameRecordings } from '../finetune/same-recordings';
import { type DecisionFlags, isDeciding, ruleOf } from '../model/decide';
import { MODEL_MARKS } from '../model/find-model';
import type { LoadedModel } from '../model/loaded-model';
import { namedMachines } from '../model/machine-names';
import { normalClipsOf } from '../model/normal-clips';
import { clipsAtOnce, scoreBy, scoreRecordings } from '../score/score-recordings';
import { figure, textTable } from '../terminal/format';
import { type CalibratedMachines, calibratedMachines } from './calibrated-machines';
import { type Costs, foundOf, scoreFaults, withCosts } from './labelled-faults';
import { RATE_COLUMNS, rateCells } from './rate-cells';
import { refitMachines } from './refit-machines';

const CALLER = 'serial-oe calibrate';

export interface CalibrateModelOptions {
  /** Where the model lies, which is replaced. */
  target: string;
  data: readonly string[];
  /** Folders with labelled recordings: known faults, and false alarms. */
  anomalies: readonly string[];
  normals: readonly string[];
  /** Of a model of several types the one whose machines are meant; undefined for all. */
  machineType?: string | undefined;
  /** Of the labelled recordings, where their names do not say it. */
  machineId: string | undefined;
  /** Sets the thresholds of machines with known faults by cost; undefined for the rate of false alarms. */
  costs: Costs | undefined;
  flags: DecisionFlags;
  signal: AbortSignal;
  onProgress(text: string, share: number): void;
  onWarning(message: string): void;
}

/** What becomes of a machine's threshold. */
export interface ThresholdChange {
  machineId: string;
  /** Null where the model had none. */
  before: number | null;
  threshold: NormalThreshold;
  /** Of the known faults of the machine; null where there are none. */
  found: { nFound: number; nFaults: number } | null;
}

/**
 * Sets thresholds by normal clips, or by the scores that the model holds, and saves the model.
 * @throws UsageError where there is nothing to set them by; TrainingDataError for data without normal clips of the model's machines;
 *   the error of a clip that cannot be scored. The model stays as it was then
 */
export async function calibrateModel(
  model: LoadedModel,
  options: CalibrateModelOptions,
): Promise<ThresholdChange[]> {
  const { scorer } = model;
  const rule = ruleOf(options.flags, scorer);
  const held = isDeciding(scorer) ? scorer.decisions : null;
  if (options.data.length === 0 && held === null) {
    throw new UsageError(
      '--data is needed: the model holds no normal scores that thresholds could be set by.',
    );
  }
  const { anomalies, normals, machineType } = options;
  const needsType = anomalies.length + normals.length > 0;
  const machines = calibratedMachines(model, { machineType, needsType });
  const labelled = labelledClips(machines, options);
  const { scorer: own, scores } = await normalScores(model, { ...options, machines }, labelled.normals);
  const byRate =
    scores === null
      ? machines.among(held!, underRate(held!, options, rule))
      : (held ?? new Decisions(new Map())).withScores(scores, rule);
  const faults = await scoreFaults(own, labelled.anomalies, options);
  const decisions = options.costs === undefined ? byRate : withCosts(byRate, faults, options.costs);
  const saving = { target: options.target, access: createFileAccess(), caller: CALLER, marks: MODEL_MARKS };
  await saveModelFiles(await filesWithCard(model, withDecisions(own, decisions)), saving);
  const shown = new Set(
    scores === null
      ? [...decisions.machines.keys()].filter(machines.isMeant)
      : [...scores.map(({ machineId }) => machineId), ...faults.keys()],
  );
  const without = [...shown].filter((machineId) => !decisions.machines.has(machineId));
  if (without.length > 0) {
    options.onWarning(
      `there are no normal scores of ${without.join(', ')}, whose thresholds stay: --data with normal recordings of them makes some`,
    );
  }
  const known = [...shown].filter((machineId) => decisions.machines.has(machineId));
  return known.map((machineId) => ({
    machineId,
    before: scorer.thresholds?.get(machineId)?.threshold ?? null,
    threshold: decisions.machines.get(machineId)!,
    found: foundOf(faults, machineId, decisions.machines.get(machineId)!),
  }));
}

/** Known anomalies alone ask for no other rate: what is not set by their cost stays. */
function underRate(
  held: Decisions,
  { flags, anomalies }: CalibrateModelOptions,
  rule: DecisionRule,
): Decisions {
  const isKept = anomalies.length > 0 && flags.falseAlarmRate === undefined && flags.tail === undefined;
  return isKept ? held : held.under(rule);
}

function labelledClips(
  machines: CalibratedMachines,
  { anomalies, normals, machineId, onWarning }: CalibrateModelOptions,
): LabelledClips {
  const found = readLabelledClips(
    machines,
    { labelled: [], anomalies, normals },
    { caller: CALLER, machineId, onWarning },
  );
  return {
    anomalies: found.anomalies.map(machines.asCalled),
    normals: found.normals.map(machines.asCalled),
  };
}

/** Scores of new normal clips, null where there are none; of machines that raised false alarms by a detector that knows those. */
async function normalScores(
  model: LoadedModel,
  options: CalibrateModelOptions & { machines: CalibratedMachines },
  falseAlarms: readonly Clip[],
): Promise<{ scorer: ClipScorer; scores: DatedScore[] | null }> {
  if (options.data.length === 0) return { scorer: model.systemScorer, scores: null };
  const found = normalClips(options.machines, options.data);
  warnOfTrainingClips(found, options);
  const copies = await sameRecordings(found, falseAlarms);
  const usual = found.filter((clip) => !copies.has(clip)); // a false alarm counts once
  const machineIds = new Set(falseAlarms.map(({ machineId }) => machineId));
  const others = usual.filter(({ machineId }) => !machineIds.has(machineId));
  const scores = others.length === 0 ? [] : await scoreNormals(model, others, options);
  if (falseAlarms.length === 0) return { scorer: model.systemScorer, scores };
  const refitted = await refitMachines(model, { ...options, caller: CALLER, usual, falseAlarms });
  const nTests = usual.filter(({ split, machineId }) => split === 'test' && machineIds.has(machineId)).length;
  if (nTests > 0) {
    options.onWarning(
      `${nTests} test clip(s) were learnt as normal: an evaluation of ${[...machineIds].join(', ')} with them says nothing any more`,
    );
  }
  return { scorer: refitted.scorer, scores: [...scores, ...refitted.scores] };
}

/** For scripts. */
export function calibrationRows(changes: readonly ThresholdChange[]): object[] {
  return changes.map(({ machineId, before, threshold: set, found }) => {
    const { threshold, falseAlarmRate, tail, interval, extrapolated, nNormalScores, nSessions } = set;
    return {
      ...{ machineId, before, threshold, falseAlarmRate, tail, interval, extrapolated },
      ...{ nNormalScores, nSessions, ...found },
    };
  });
}

export function calibrationText(changes: readonly ThresholdChange[]): string {
  const hasFaults = changes.some(({ found }) => found !== null);
  return textTable(
    [
      { title: 'ID' },
      { title: 'threshold', align: 'right' },
      { title: 'before', align: 'right' },
      ...RATE_COLUMNS,
      ...(hasFaults ? [{ title: 'known anomalies found' }] : []),
    ],
    changes.map(({ machineId, before, threshold, found }) => [
      ...[machineId, figure(threshold.threshold), before === null ? '-' : figure(before)],
      ...rateCells(threshold),
      ...(found === null ? [] : [`${found.nFound} of ${found.nFaults}`]),
    ]),
  );
}

async function scoreNormals(
  model: LoadedModel,
  clips: readonly Clip[],
  { signal, onProgress, onWarning }: CalibrateModelOptions,
): Promise<DatedScore[]> {
  const { loadClip: read } = createNodePlatform();
  const scores: DatedScore[] = [];
  const nAtOnce = await clipsAtOnce(model, clips.length);
  for await (const scored of scoreRecordings(clips, { read, score: scoreBy(model), nAtOnce, signal })) {
    if ('error' in scored) throw scored.error;
    const { path, machineId } = scored.clip;
    const levels = levelsFor(model.scorer.input, scored.audio);
    scores.push(datedScore({ path, machineId, anomalyScore: scored.score.anomalyScore }, levels));
    onProgress(`scoring normal clips ${scores.length}/${clips.length}`, scores.length / clips.length);
  }
  if (scores.some(({ session }) => session === undefined)) {
    onWarning(
      'the names of the recordings do not tell their days: the thresholds hold for days like these alone. A date in the name of a file or folder ' +
        '(2026-01-17) tells it',
    );
  }
  return scores;
}

/** In a folder without splits every clip counts as one to train with, and may yet be new. */
function warnOfTrainingClips(
  clips: readonly Clip[],
  { onWarning }: Pick<CalibrateModelOptions, 'onWarning'>,
): void {
  const nTraining = clips.filter(({ split }) => split === 'train').length;
  if (nTraining === 0 || nTraining === clips.length) return;
  onWarning(
    `${nTraining} of ${clips.length} normal clips of --data stand in the split "train": clips that the model learnt from score lower than new ones, ` +
      'and thresholds set on them raise more false alarms than asked for. Name the folder of the others',
  );
}

function normalClips(machines: CalibratedMachines, data: readonly string[]): Clip[] {
  const { clips, nFound } = normalClipsOf(machines, data);
  if (clips.length > 0) return clips.map(machines.asCalled);
  const { machineType, machineIds } = machines;
  throw new TrainingDataError(
    `${CALLER}: the data must hold normal clips of ${namedMachines(machineType, machineIds)}, got ${nFound} clip(s) and none of them.`,
  );
}
