import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import {
  type EpochSummary,
  TrainingDivergedError,
  TrainingInterruptedError,
  type TrainingProgress,
} from '@serial-oe/runtime';
import type { WeightMap } from '@serial-oe/safetensors';
import { preparedBatches, type ScheduledBatch } from './batches-ahead';
import type { TrainingPosition } from './checkpoint';
import type { CheckpointFile } from './checkpoint-file';
import { type EpochSelection, selectEpoch } from './epoch-selection';
import { addLosses, type Losses } from './losses';
import { StepClock } from './step-clock';
import { createLocalEngine, type TrainingEngine } from './training-engine';
import type { BatchSource, StepPlan, TrainingMethod } from './training-method';

/** How the epochs of a training go, whatever is trained. */
export interface EpochOptions {
  nEpochs: number;
  /** Whose weights become the model; default 'last'. */
  selection?: EpochSelection | undefined;
  /** Loss on held-out clips; null (default) where there are none. */
  validate?: (() => Promise<number>) | null | undefined;
  /** It is measured after every so many epochs, and after the last; default 1. */
  validateEveryEpochs?: number | undefined;
  /** Batches requested ahead of the one that trains; default 1. */
  nAhead?: number | undefined;
  /** Where the state is kept; null (default) for nowhere. */
  checkpoint?: CheckpointFile | null | undefined;
  /** Goes on from the checkpoint that is there; default false: one that is there is an error. */
  resume?: boolean | undefined;
  /** A checkpoint is written after the first update beyond this time, and after the last of all. Default 60. */
  checkpointEverySeconds?: number | undefined;
  /** A checkpoint is also written at the end of every so many epochs. Default: none for that reason. */
  checkpointEveryEpochs?: number | undefined;
  onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Stops after the running update, with a checkpoint where there is a place for one. */
  signal?: AbortSignal | undefined;
  /** Resident memory of the process, bytes. */
  rssBytes?: (() => number | null) | undefined;
}

export interface RunTrainingOptions<Batch> extends EpochOptions {
  /** Does the updates. Default: a local engine on the method's network, closed at the end. One that is given stays open. */
  engine?: TrainingEngine<Batch> | undefined;
  /** Samples that pass through the network at once, for the default engine. Default: the whole batch. */
  microBatchSize?: number | undefined;
}

const OPTIONS: OptionNames<RunTrainingOptions<never>> = {
  nEpochs: true,
  selection: true,
  validate: true,
  validateEveryEpochs: true,
  nAhead: true,
  checkpoint: true,
  resume: true,
  checkpointEverySeconds: true,
  checkpointEveryEpochs: true,
  onProgress: true,
  signal: true,
  rssBytes: true,
  engine: true,
  microBatchSize: true,
};

/** What a training leaves. */
export interface TrainingResult {
  /** Of the epoch that was selected. */
  weights: WeightMap;
  /** One summary an epoch. */
  history: EpochSummary[];
}

/**
 * Trains a method from the start, or from its checkpoint, to the last epoch.
 *
 * @throws TrainingInterruptedError once `signal` aborts, after the running update and with a checkpoint written
 * @throws TrainingDivergedError where the loss or the weights are not finite; no checkpoint is written then; or where the model is to be chosen
 *   by a validation loss that never was finite
 * @throws CheckpointError where there is a checkpoint and the run was not told to resume, or it is damaged or of another run
 * @throws TrainingMemoryError where a step does not fit in the memory of the backend
 * @throws TypeError or RangeError for options
 */
export async function runTraining<Plan extends StepPlan, Batch>(
  method: TrainingMethod<Plan, Batch> | BatchSource<Plan, Batch>,
  options: RunTrainingOptions<Batch>,
): Promise<TrainingResult> {
  checkOptions('training.runTraining', options, OPTIONS);
  checkNumber('training.runTraining: nEpochs', options.nEpochs, POSITIVE_COUNT);
  const { engine = localEngine(method, options), checkpoint = null } = options;
  try {
    const restored = await checkpoint?.restore(engine, {
      isResumed: options.resume ?? false,
      length: { nEpochs: options.nEpochs, nSteps: method.planEpoch(0).length },
    });
    if (checkpoint && restored) {
      const { epoch, stepInEpoch } = restored;
      options.onProgress?.({ kind: 'resumed', path: checkpoint.path, epoch, stepInEpoch });
    }
    const run = new TrainingRun(method, engine, options);
    const history = await run.train(restored ?? initialPosition());
    return { weights: await engine.takeWeights(), history };
  } finally {
    // A backend that has run out of memory may fail here again; the first error tells more.
    if (options.engine === undefined) await engine.close().catch(() => {});
  }
}

/** The position of a run that has not begun. */
export function initialPosition(): TrainingPosition {
  return { epoch: 0, stepInEpoch: 0, lossSums: { loss: 0 }, history: [] };
}

function localEngine<Plan extends StepPlan, Batch>(
  method: TrainingMethod<Plan, Batch> | BatchSource<Plan, Batch>,
  { microBatchSize = Number.POSITIVE_INFINITY }: RunTrainingOptions<Batch>,
): TrainingEngine<Batch> {
  if ('variables' in method) return createLocalEngine(method, { microBatchSize });
  throw new TypeError(
    'training.runTraining: engine must be given for a method without variables (one whose network trains elsewhere), got none.',
  );
}

/** One training that runs. */
class TrainingRun<Plan extends StepPlan, Batch> {
  readonly #method: BatchSource<Plan, Batch>;
  readonly #engine: TrainingEngine<Batch>;
  readonly #options: EpochOptions;
  readonly #clock = new StepClock();
  #lastCheckpoint = performance.now();

  constructor(method: BatchSource<Plan, Batch>, engine: TrainingEngine<Batch>, options: EpochOptions) {
    this.#method = method;
    this.#engine = engine;
    this.#options = options;
  }

  /** @param position where to begin; changed as the run goes on */
  async train(position: TrainingPosition): Promise<EpochSummary[]> {
    const { nEpochs, selection = 'last', nAhead = 1 } = this.#options;
    await this.#stopIfAborted(position);
    for await (const { scheduled, batch } of preparedBatches(this.#method, { position, nEpochs, nAhead })) {
      const { learningRate } = this.#engine;
      const losses = await this.#engine.step(batch, { dropoutSeed: scheduled.plan.dropoutSeed });
      checkFinite(losses, scheduled);
      position.stepInEpoch++;
      addLosses(position.lossSums, losses);
      this.#tellStep(scheduled, losses, { learningRate, nDoneInEpoch: position.stepInEpoch });
      if (scheduled.isLastOfEpoch) await this.#finishEpoch(position, learningRate);
      if (position.epoch === nEpochs) await this.#checkState(position);
      await this.#saveIfDue(position, scheduled);
      await nextTask(); // lets a signal handler or a timer of the caller run
      if (position.epoch < nEpochs) await this.#stopIfAborted(position);
    }
    checkSelected(position.history, selection);
    return position.history;
  }

  #tellStep(
    { epoch, nSteps, plan }: ScheduledBatch<Plan>,
    losses: Losses,
    { learningRate, nDoneInEpoch }: { learningRate: number; nDoneInEpoch: number },
  ): void {
    const { nEpochs, onProgress = () => {} } = this.#options;
    const nDone = epoch * nSteps + nDoneInEpoch;
    const nTotal = nEpochs * nSteps;
    this.#clock.tick();
    const { secondsPerStep } = this.#clock;
    onProgress({
      ...losses,
      kind: 'step',
      epoch,
      nEpochs,
      nDone,
      nTotal,
      learningRate,
      clipsPerSecond: plan.clips.length / secondsPerStep,
      secondsLeft: (nTotal - nDone) * secondsPerStep,
    });
  }

  async #finishEpoch(position: TrainingPosition, learningRate: number): Promise<void> {
    const { nEpochs, selection = 'last', validate = null, validateEveryEpochs = 1 } = this.#options;
    const { onProgress = () => {}, rssBytes = () => null } = this.#options;
    const { epoch, stepInEpoch, lossSums } = position;
    const isMeasured = validate && ((epoch + 1) % validateEveryEpochs === 0 || epoch === nEpochs - 1);
    const means = Object.entries(lossSums).map(([term, sum]) => [
      term,
      sum === null ? null : sum / stepInEpoch,
    ]);
    const summary: EpochSummary = {
      ...Object.fromEntries(means),
      epoch,
      loss: lossSums.loss / stepInEpoch,
      validationLoss: isMeasured ? await validate() : null,
      learningRate,
      ...(await this.#engine.memory()),
      rssBytes: rssBytes(),
    };
    position.history.push(summary);
    if (selection !== 'last' && selectEpoch(position.history, selection) === epoch)
      await this.#engine.keepWeights();
    position.epoch++;
    position.stepInEpoch = 0;
    position.lossSums = initialPosition().lossSums;
    onProgress({ kind: 'epoch', nEpochs, ...summary });
  }

  async #saveIfDue(position: TrainingPosition, { isLastOfEpoch }: ScheduledBatch<Plan>): Promise<void> {
    const {
      nEpochs,
      checkpointEverySeconds = 60,
      checkpointEveryEpochs = Number.POSITIVE_INFINITY,
    } = this.#options;
    const isDue =
      performance.now() - this.#lastCheckpoint >= checkpointEverySeconds * 1000 ||
      (isLastOfEpoch && position.epoch % checkpointEveryEpochs === 0);
    if (!isDue && position.epoch !== nEpochs) return;
    if ((await this.#save(position)) !== null) this.#lastCheckpoint = performance.now();
  }

  /** The file's path; null where there is no place for one. */
  async #save(position: TrainingPosition): Promise<string | null> {
    const { checkpoint, onProgress = () => {} } = this.#options;
    if (!checkpoint) return null;
    if (position.epoch < this.#options.nEpochs) await this.#checkState(position); // the last one has been
    const path = await checkpoint.save(this.#engine, position);
    onProgress({ kind: 'checkpoint', path });
    return path;
  }

  /** A state that has diverged in the last update must not take the place of a good one. */
  async #checkState({ epoch, stepInEpoch, history }: TrainingPosition): Promise<void> {
    if ((await this.#engine.isFinite?.()) !== false) return;
    const isAtStart = stepInEpoch === 0; // the update was the last one of the epoch before
    const inEpoch = isAtStart ? history.length : epoch + 1;
    throw new TrainingDivergedError(
      `training.runTraining: the weights must stay finite, got others after epoch ${inEpoch}, ` +
        `${isAtStart ? 'last step' : `step ${stepInEpoch}`}. ${REMEDY}`,
      { epoch: inEpoch - 1, step: Math.max(0, stepInEpoch - 1) },
    );
  }

  async #stopIfAborted(position: TrainingPosition): Promise<void> {
    if (!this.#options.signal?.aborted) return;
    const path = await this.#save(position);
    throw new TrainingInterruptedError(
      path === null
        ? 'training.runTraining: interrupted. Without a folder for checkpoints nothing was saved.'
        : `training.runTraining: interrupted; the state of the run is in ${path}. Resume to go on from there.`,
      path,
    );
  }
}

const REMEDY =
  'Lower the learning rate (optimization.maxLearningRate), or look for recordings with extreme values.';

function checkFinite<Plan extends StepPlan>(
  { loss }: Losses,
  { epoch, stepInEpoch }: ScheduledBatch<Plan>,
): void {
  if (Number.isFinite(loss)) return;
  throw new TrainingDivergedError(
    `training.runTraining: the loss must stay finite, got ${loss} in epoch ${epoch + 1}, step ${stepInEpoch + 1}. ${REMEDY}`,
    { epoch, step: stepInEpoch },
  );
}

function checkSelected(history: readonly EpochSummary[], selection: EpochSelection): void {
  if (selectEpoch(history, selection) !== null) return;
  throw new TrainingDivergedError(
    `training.runTraining: the validation loss must be finite at some epoch for the selection '${selection}', got none. ${REMEDY}`,
    { epoch: history.length - 1, step: 0 },
  );
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
