import { show } from '@serial-oe/foundation';
import { CheckpointError } from '@serial-oe/runtime';
import type { WeightArray } from '@serial-oe/safetensors';
import {
  type CheckpointContent,
  type CheckpointState,
  readCheckpoint,
  type TrainingPosition,
  writeCheckpoint,
} from './checkpoint-content';
import { allFinite, type Trainer } from './trainer';

export type { TrainingPosition } from './checkpoint-content';

const WEIGHTS_PREFIX = 'weights/';
/** Of the weights that are kept from an earlier epoch. */
const KEPT_PREFIX = 'kept/';
const REMEDY = 'Remove it to start over (serial-oe train: --restart).';

/** How long the run is that a checkpoint is to belong to. */
export interface RunLength {
  nEpochs: number;
  /** Updates in every epoch. */
  nSteps: number;
}

export interface RestoreOptions {
  fingerprint: Record<string, string>;
  /** Of the file, for messages. */
  path: string;
  /** Where it is known, positions beyond its end are refused. */
  length?: RunLength | undefined;
}

/** The whole state of a run as one safetensors file. */
export async function serializeCheckpoint<Batch>(
  trainer: Trainer<Batch>,
  position: TrainingPosition,
  fingerprint: Record<string, string>,
): Promise<Uint8Array> {
  const tensors = new Map<string, WeightArray>();
  const { network } = trainer;
  for (const [name, weight] of await network.toWeights()) tensors.set(WEIGHTS_PREFIX + name, weight);
  for (const [name, weight] of trainer.keptWeights ?? []) tensors.set(KEPT_PREFIX + name, weight);
  const { variables: moments, ...optimizer } = await network.optimizer.getStateAsync();
  // By position, not by name: tfjs numbers the names of a second network in one process.
  const steps = network.variables.map(({ name }, i) => {
    const slot = moments[name];
    if (slot === undefined) return 0;
    tensors.set(`m/${i}`, { shape: slot.shape, data: slot.m });
    tensors.set(`v/${i}`, { shape: slot.shape, data: slot.v });
    return slot.step;
  });
  const schedule = network.schedule.getState();
  const state: CheckpointState = {
    fingerprint,
    position,
    optimizer: { ...optimizer, steps },
    schedule,
  };
  return writeCheckpoint({ state, tensors });
}

/**
 * Puts a checkpoint's state into a trainer that was made by the same configuration.
 * @throws CheckpointError where the bytes are no checkpoint, one that was altered or damaged, or one of another run (each
 *   difference is named)
 */
export function restoreCheckpoint<Batch>(
  trainer: Trainer<Batch>,
  bytes: Uint8Array,
  { fingerprint, path, length }: RestoreOptions,
): TrainingPosition {
  const content = read(bytes, path);
  const { state } = content;
  checkFingerprint(state.fingerprint, fingerprint, path);
  try {
    if (length) checkLength(state, length);
    loadState(trainer, content);
  } catch (cause) {
    throw new CheckpointError(
      `training: the checkpoint ${path} does not fit this run: ${(cause as Error).message} ${REMEDY}`,
      { cause },
    );
  }
  return state.position;
}

function read(bytes: Uint8Array, path: string): CheckpointContent {
  try {
    return readCheckpoint(bytes);
  } catch (cause) {
    const { message } = cause as Error;
    const problem = message.startsWith('must') ? message : `cannot be read: ${message}`;
    throw new CheckpointError(`training: the checkpoint ${path} ${problem} ${REMEDY}`, { cause });
  }
}

function checkFingerprint(theirs: Record<string, string>, ours: Record<string, string>, path: string): void {
  const differences = Object.keys({ ...theirs, ...ours })
    .filter((key) => theirs[key] !== ours[key])
    .map((key) => `${key} (${theirs[key] ?? 'absent'} there, ${ours[key] ?? 'absent'} here)`);
  if (differences.length === 0) return;
  throw new CheckpointError(
    `training: the checkpoint ${path} must belong to this run, but it differs in ${differences.join('; ')}. ` +
      'Resume with what the run was started with, or remove the checkpoint to start over (serial-oe train: --restart).',
  );
}

function checkLength({ position, optimizer }: CheckpointState, { nEpochs, nSteps }: RunLength): void {
  const { epoch, stepInEpoch } = position;
  const isWithin = epoch === nEpochs ? stepInEpoch === 0 : epoch < nEpochs && stepInEpoch < nSteps;
  if (!isWithin) {
    throw new RangeError(
      `position must lie within ${nEpochs} epochs of ${nSteps} updates, got update ${stepInEpoch} of epoch ${epoch}.`,
    );
  }
  const nUpdates = epoch * nSteps + stepInEpoch;
  if (optimizer.iterations < nUpdates) {
    throw new RangeError(
      `optimizer.iterations must be the updates so far, ${nUpdates}, got ${optimizer.iterations}.`,
    );
  }
}

/** Everything is checked before anything is set. */
function loadState<Batch>(trainer: Trainer<Batch>, { state, tensors }: CheckpointContent): void {
  const { network } = trainer;
  const { steps, ...optimizer } = state.optimizer;
  if (steps.length !== network.variables.length) {
    throw new RangeError(
      `optimizer.steps must hold ${network.variables.length} counts, one a variable, got ${steps.length}.`,
    );
  }
  for (const [name, { data }] of tensors) {
    if (!allFinite(data)) throw new RangeError(`the tensor ${show(name)} must hold finite numbers alone.`);
  }
  const moments = network.variables.flatMap(({ name, shape }, i) => {
    const [m, v] = [tensors.get(`m/${i}`), tensors.get(`v/${i}`)];
    if (m === undefined && v === undefined && steps[i] === 0) return [];
    for (const moment of [m, v]) {
      if (show(moment?.shape) !== show(shape))
        throw new RangeError(
          `the moments of variable ${i} must have its shape ${show(shape)}, got ${show(moment?.shape)}.`,
        );
    }
    return [[name, { step: steps[i] as number, shape, m: m!.data, v: v!.data }] as const];
  });
  const kept = withPrefix(tensors, KEPT_PREFIX);
  network.loadWeights(withPrefix(tensors, WEIGHTS_PREFIX));
  trainer.keptWeights = kept.size > 0 ? kept : null;
  network.optimizer.setState({ ...optimizer, variables: Object.fromEntries(moments) });
  network.schedule.setState(state.schedule as never);
}

function withPrefix(tensors: ReadonlyMap<string, WeightArray>, prefix: string): Map<string, WeightArray> {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, weight]) => [name.slice(prefix.length), weight]),
  );
}
