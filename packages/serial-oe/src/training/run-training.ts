import { TrainingDivergedError, TrainingInterruptedError } from '@serial-oe/runtime';
import type { SerialOeConfig } from '../config/config';
import type { TrainingSet } from '../data/training-set';
import type { FeatureSource } from '../features/feature-source';
import { type BatchPlan, countSteps, planEpoch } from './batch-plan';
import type { TrainingPosition } from './checkpoint';
import { selectEpoch } from './epoch-selection';
import type { Losses } from './losses';
import type { PreparedBatch } from './prepare-batch';
import type { EpochSummary, TrainingProgress } from './progress';
import { StepClock } from './step-clock';
import type { TrainingEngine } from './training-engine';

export interface RunTrainingOptions {
  engine: TrainingEngine;
  set: TrainingSet;
  config: SerialOeConfig;
  source: FeatureSource;
  /** Batches requested ahead of the one that trains. */
  nAhead: number;
  /** Where to begin; changed as the run goes on. */
  position: TrainingPosition;
  onProgress: (progress: TrainingProgress) => void;
  signal: AbortSignal | undefined;
  /** Writes a checkpoint and names it; null where there is no place for one. */
  saveCheckpoint: ((position: TrainingPosition) => Promise<string>) | null;
  /** A checkpoint is written after the first update beyond this time, and after the last of all. */
  checkpointEverySeconds: number;
  /** A checkpoint is also written at the end of every so many epochs; infinity for none. */
  checkpointEveryEpochs: number;
  /** Loss on the held-out clips; null where there are none. */
  validate: (() => Promise<number>) | null;
  rssBytes: () => number | null;
}

interface ScheduledBatch {
  epoch: number;
  stepInEpoch: number;
  isLastOfEpoch: boolean;
  plan: BatchPlan;
}

/** The position of a run that has not begun. */
export function initialPosition(): TrainingPosition {
  return { epoch: 0, stepInEpoch: 0, lossSums: emptySums(), history: [] };
}

/**
 * Trains from `position` to the last epoch.
 *
 * @throws TrainingInterruptedError once `signal` aborts, after the running update and with a checkpoint written
 * @throws TrainingDivergedError where the loss is not finite; no checkpoint is written then; or where the model is to be chosen
 *   by a validation loss that never was finite
 */
export async function runTraining(options: RunTrainingOptions): Promise<EpochSummary[]> {
  const { engine, set, config, position, onProgress, signal } = options;
  const stepsPerEpoch = countSteps(set, config);
  const { nEpochs } = config.optimization;
  const nTotal = nEpochs * stepsPerEpoch;
  const clock = new StepClock();
  let lastCheckpoint = performance.now();

  await throwIfAborted(options, signal);
  for await (const { scheduled, batch } of preparedBatches(options)) {
    const { learningRate } = engine;
    const { plan, epoch } = scheduled;
    const losses = await engine.step(batch, { dropoutSeed: plan.dropoutSeed, isMixed: plan.mixup !== null });
    checkFinite(losses, scheduled);
    addTo(position, losses);
    const nDone = epoch * stepsPerEpoch + position.stepInEpoch;
    clock.tick();
    onProgress({
      kind: 'step',
      epoch,
      nEpochs,
      nDone,
      nTotal,
      ...losses,
      learningRate,
      clipsPerSecond: plan.clips.length / clock.secondsPerStep,
      secondsLeft: (nTotal - nDone) * clock.secondsPerStep,
    });
    if (scheduled.isLastOfEpoch) await finishEpoch(options, learningRate);
    const isDue =
      performance.now() - lastCheckpoint >= options.checkpointEverySeconds * 1000 ||
      (scheduled.isLastOfEpoch && position.epoch % options.checkpointEveryEpochs === 0);
    if (options.saveCheckpoint && (isDue || position.epoch === nEpochs)) {
      onProgress({ kind: 'checkpoint', path: await options.saveCheckpoint(position) });
      lastCheckpoint = performance.now();
    }
    await nextTask(); // lets a signal handler or a timer of the caller run
    if (position.epoch < nEpochs) await throwIfAborted(options, signal);
  }
  checkSelected(position.history, config);
  return position.history;
}

/** The batches from the position to the end, each prepared while the ones before it train. */
async function* preparedBatches(
  options: RunTrainingOptions,
): AsyncGenerator<{ scheduled: ScheduledBatch; batch: PreparedBatch }> {
  const upcoming = scheduledBatches(options);
  const pending: { scheduled: ScheduledBatch; batch: Promise<PreparedBatch> }[] = [];
  for (;;) {
    while (pending.length <= options.nAhead) {
      const next = upcoming.next();
      if (next.done) break;
      const batch = options.source.trainingBatch(next.value.plan);
      batch.catch(() => {}); // reported where it is awaited; an abort may come before
      pending.push({ scheduled: next.value, batch });
    }
    const first = pending.shift();
    if (first === undefined) return;
    yield { scheduled: first.scheduled, batch: await first.batch };
  }
}

function* scheduledBatches({ set, config, position }: RunTrainingOptions): Generator<ScheduledBatch> {
  let skipped = position.stepInEpoch;
  for (let epoch = position.epoch; epoch < config.optimization.nEpochs; epoch++) {
    const plans = planEpoch(set, config, epoch);
    for (let stepInEpoch = skipped; stepInEpoch < plans.length; stepInEpoch++) {
      const plan = plans[stepInEpoch] as BatchPlan;
      yield { epoch, stepInEpoch, isLastOfEpoch: stepInEpoch === plans.length - 1, plan };
    }
    skipped = 0;
  }
}

function addTo(position: TrainingPosition, { loss, typeLoss, idLoss }: Losses): void {
  const { lossSums } = position;
  position.stepInEpoch++;
  lossSums.loss += loss;
  lossSums.typeLoss = typeLoss === null ? null : (lossSums.typeLoss ?? 0) + typeLoss;
  lossSums.idLoss = idLoss === null ? null : (lossSums.idLoss ?? 0) + idLoss;
}

async function finishEpoch(options: RunTrainingOptions, learningRate: number): Promise<void> {
  const { engine, config, position, onProgress, validate, rssBytes } = options;
  const { nEpochs } = config.optimization;
  const { epoch, stepInEpoch, lossSums } = position;
  const mean = (sum: number | null) => (sum === null ? null : sum / stepInEpoch);
  const isMeasured = validate && ((epoch + 1) % config.validation.everyEpochs === 0 || epoch === nEpochs - 1);
  const summary: EpochSummary = {
    epoch,
    loss: lossSums.loss / stepInEpoch,
    typeLoss: mean(lossSums.typeLoss),
    idLoss: mean(lossSums.idLoss),
    validationLoss: isMeasured ? await validate() : null,
    learningRate,
    ...(await engine.memory()),
    rssBytes: rssBytes(),
  };
  position.history.push(summary);
  const { selection } = config.validation;
  if (selection !== 'last' && selectEpoch(position.history, selection) === epoch) await engine.keepWeights();
  position.epoch++;
  position.stepInEpoch = 0;
  position.lossSums = emptySums();
  onProgress({ kind: 'epoch', nEpochs, ...summary });
}

function checkFinite({ loss }: Losses, { epoch, stepInEpoch }: ScheduledBatch): void {
  if (Number.isFinite(loss)) return;
  throw new TrainingDivergedError(
    `serial-oe.trainSerialOe: the loss must stay finite, got ${loss} in epoch ${epoch + 1}, step ${stepInEpoch + 1}. ` +
      'Lower optimization.maxLearningRate, or look for recordings with extreme values.',
    { epoch, step: stepInEpoch },
  );
}

function checkSelected(history: readonly EpochSummary[], { validation, optimization }: SerialOeConfig): void {
  if (selectEpoch(history, validation.selection) !== null) return;
  throw new TrainingDivergedError(
    "serial-oe.trainSerialOe: the validation loss must be finite at some epoch for validation.selection 'best', got none. " +
      'Lower optimization.maxLearningRate, or look for recordings with extreme values.',
    { epoch: optimization.nEpochs - 1, step: 0 },
  );
}

async function throwIfAborted(options: RunTrainingOptions, signal: AbortSignal | undefined): Promise<void> {
  if (!signal?.aborted) return;
  const { saveCheckpoint, position, onProgress } = options;
  const path = saveCheckpoint ? await saveCheckpoint(position) : null;
  if (path !== null) onProgress({ kind: 'checkpoint', path });
  throw new TrainingInterruptedError(
    path === null
      ? 'serial-oe.trainSerialOe: interrupted. Without checkpointDir nothing was saved.'
      : `serial-oe.trainSerialOe: interrupted; the state of the run is in ${path}. Resume to go on from there.`,
    path,
  );
}

function emptySums(): TrainingPosition['lossSums'] {
  return { loss: 0, typeLoss: null, idLoss: null };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
