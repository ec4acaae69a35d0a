import type { Dataset } from '@serial-oe/datasets';
import { saveModelFiles, type TrainingProgress } from '@serial-oe/runtime/contract';
import { createFileAccess, createNodePlatform } from '@serial-oe/runtime/node/files';
import { cardOf, filesWithCard } from '../card/card-of-model';
import { UsageError } from '../command/usage-error';
import { type Comparison, compareModels } from '../compare/compare-models';
import { evaluateModel } from '../evaluate/evaluate-model';
import type { TypedRate } from '../flags/decision-flags';
import { type DecisionFlags, isDeciding } from '../model/decide';
import { MODEL_MARKS } from '../model/find-model';
import { type LoadModelOptions, loadModel } from '../model/load-model';
import type { LoadedModel } from '../model/loaded-model';
import { typesIn, typeToTell } from '../model/machine-names';
import { learnsFromAnomalies, loadSystem, NETWORK_SYSTEM } from '../system-table';
import { trainModel } from '../train/train-model';
import { type LabelledPaths, readLabelledClips } from './labelled-clips';
import { type TuningData, tellsModelsApart, tuningData } from './tuning-data';

const CALLER = 'serial-oe finetune';

/** What `serial-oe finetune` was asked for. */
export interface FinetuneCommand extends LabelledPaths, DecisionFlags {
  /** Where the model lies. */
  model: string;
  /** Where the tuned one goes; undefined to replace the model once it has proved as good. */
  out: string | undefined;
  dataset: Dataset;
  machineId: string | undefined;
  holdOut: number | undefined;
  /** Changes to the configuration of the network's tuning. */
  changes: object;
  workers: number | undefined;
  isResumed: boolean;
  isRestarted: boolean;
  isOverwriting: boolean;
  loading: LoadModelOptions;
  signal: AbortSignal;
  onTraining(event: TrainingProgress): void;
  onProgress(text: string, share: number): void;
  onWarning(message: string): void;
}

/** What became of it. */
export interface FinetuneResult {
  system: string;
  machineType: string;
  /** Where the tuned model lies. */
  out: string;
  data: Pick<TuningData, 'nAnomalies' | 'nNormals' | 'nPutAside'>;
  /** Whether the known anomalies have taught it anything: a system that learns normal sounds alone leaves them out. */
  learnsAnomalies: boolean;
  /** Before and after, on the same clips; null where there were none that could compare them. */
  comparison: Comparison | null;
  /** Whether the tuned model has taken the place of the old one. */
  isReplaced: boolean;
}

/**
 * Tunes a model further with labelled recordings, and compares it with the one before on clips that neither was trained with. The old
 * model stays until then.
 */
export async function finetuneModel(command: FinetuneCommand): Promise<FinetuneResult> {
  const { model: source, loading, onWarning } = command;
  const before = await loadModel(source, { ...loading, takesAllTypes: true });
  try {
    refuseAllTypes(before);
    const labelled = readLabelledClips(before, command, {
      caller: CALLER,
      machineId: command.machineId,
      onWarning,
    });
    const { system: name, machineType, systemScorer } = before;
    const system = await loadSystem(name);
    const config = system.resolveConfig(undefined, systemScorer.config ?? {});
    const { seed } = config as { seed: number };
    const data = await tuningData(
      before,
      { dataset: command.dataset, labelled },
      {
        ...{ caller: CALLER, holdOut: command.holdOut, seed },
      },
    );
    const tuned = system.finetuneConfig?.(config, changesOf(name, command.changes)) ?? config;
    const canTune = system.finetuneConfig !== undefined;
    if (!canTune)
      onWarning(`${name} has nothing to be tuned: it is fitted anew, with the further normal recordings`);
    const out = command.out ?? `${source.replace(/[\\/]+$/, '').replace(/\.(serialoe|zip)$/i, '')}.finetuned`;
    const { scorer } = await trainModel({
      ...{ caller: CALLER, name, config: tuned, seed, dataset: data.training, machineType, out },
      ...{ weightsFile: undefined, knownAnomalies: undefined, nHeldOut: undefined, workers: command.workers },
      ...rateOf(before, command),
      startFrom: canTune ? await systemScorer.toFiles() : undefined,
      heldOutClips: data.heldOutClips,
      licence: (await cardOf(before).catch(() => null))?.data.licence ?? undefined,
      ...{ isResumed: command.isResumed, isRestarted: command.isRestarted },
      isOverwriting: command.isOverwriting || command.out === undefined,
      ...{ signal: command.signal, onProgress: (event: TrainingProgress) => command.onTraining(event) },
    });
    scorer.dispose();
    const comparison = await compare(before, out, { data, command });
    const isReplaced = command.out === undefined && isAsGood(comparison);
    if (isReplaced) await replace(source, out, command.loading);
    const learnsAnomalies = learnsFromAnomalies(before.systems);
    return {
      ...{ system: name, machineType, out: isReplaced ? source : out },
      ...{ data, learnsAnomalies, comparison, isReplaced },
    };
  } finally {
    await before.close();
  }
}

/**
 * A model of several types is one classifier, of which nothing can be tuned: it would be trained anew, and faults teach it nothing.
 * @throws UsageError saying what does it
 */
function refuseAllTypes({ machineType, machineIds, system }: LoadedModel): void {
  if (typeToTell(machineType) !== undefined) return;
  throw new UsageError(
    `the model covers several machine types at once (${typesIn(machineIds).join(', ')}), and ${system} has nothing to be tuned. Train it again with the further ` +
      'normal recordings among --data ("serial-oe train --machine-type all"), then "serial-oe compare" tells which model is better; ' +
      '"serial-oe calibrate" sets its thresholds anew.',
  );
}

/** Whether the second model did at least as well. */
export function isAsGood(comparison: Comparison | null): boolean {
  return comparison !== null && comparison.differences.at(-1)!.difference.estimate >= 0;
}

function changesOf(system: string, changes: object): object {
  return system === 'ensemble' ? { members: { [NETWORK_SYSTEM]: changes } } : changes;
}

/** The rate of false alarms that the flags ask for, else that of the model's thresholds. */
function rateOf({ scorer }: LoadedModel, { falseAlarmRate, tail }: FinetuneCommand): DecisionFlags {
  if (falseAlarmRate !== undefined) return { falseAlarmRate, tail };
  const [first] = isDeciding(scorer) ? scorer.decisions.machines.values() : [];
  if (first === undefined) return { tail };
  const { askedFor, falseAlarmRate: share } = first;
  const isTyped = typeof askedFor === 'object' && askedFor.per !== 'week';
  return { falseAlarmRate: isTyped ? (askedFor as TypedRate) : { share }, tail };
}

async function compare(
  before: LoadedModel,
  out: string,
  { data, command }: { data: TuningData; command: FinetuneCommand },
): Promise<Comparison | null> {
  const { onProgress, signal } = command;
  if (!tellsModelsApart(data.test.clips)) return null;
  const { loadClip } = createNodePlatform();
  const measure = async (name: string, model: LoadedModel) => {
    const { evaluation } = await evaluateModel(model, {
      ...{ dataset: data.test, baselines: [], maxFpr: undefined, loadClip, signal },
      onProgress: ({ nDone, nTotal }) =>
        onProgress(`scoring with ${name}: ${nDone}/${nTotal}`, nDone / nTotal),
    });
    return { name, evaluation };
  };
  const after = await loadModel(out, command.loading);
  try {
    return compareModels([await measure('before', before), await measure('after', after)], CALLER);
  } finally {
    await after.close();
  }
}

/** The tuned model takes the old one's place as a whole, and its own goes. */
async function replace(target: string, out: string, loading: LoadModelOptions): Promise<void> {
  const access = createFileAccess();
  const tuned = await loadModel(out, loading);
  try {
    await saveModelFiles(await filesWithCard(tuned, tuned.scorer), {
      target,
      access,
      caller: CALLER,
      marks: MODEL_MARKS,
    });
  } finally {
    await tuned.close();
  }
  await access.remove(out);
}
