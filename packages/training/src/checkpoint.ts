import type { AdamWState } from '@serial-oe/optimizers';
import { CheckpointError, type EpochSummary } from '@serial-oe/runtime';
import { parseSafetensors, serializeSafetensors, type WeightArray } from '@serial-oe/safetensors';
import type { Losses } from './losses';
import type { Trainer } from './trainer';

/** Raised when the layout of checkpoints changes. */
const FORMAT_VERSION = 2;
const STATE_KEY = 'serial-oe.checkpoint';
const WEIGHTS_PREFIX = 'weights/';
/** Of the weights that are kept from an earlier epoch. */
const KEPT_PREFIX = 'kept/';

/** Where a run stands. */
export interface TrainingPosition {
  /** Epoch that runs, from 0. */
  epoch: number;
  /** Updates done in that epoch. */
  stepInEpoch: number;
  /** Sums of the losses of that epoch's updates so far; null for a term that takes no part. */
  lossSums: Losses;
  /** Finished epochs. */
  history: EpochSummary[];
}

interface CheckpointState {
  formatVersion: number;
  /** What must be the same for the run to continue: configuration, data and code that draws numbers. */
  fingerprint: Record<string, string>;
  position: TrainingPosition;
  optimizer: Omit<AdamWState, 'variables'> & { steps: number[] };
  schedule: object;
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
  const state: CheckpointState = {
    formatVersion: FORMAT_VERSION,
    fingerprint,
    position,
    optimizer: { ...optimizer, steps },
    schedule: network.schedule.getState(),
  };
  return serializeSafetensors(tensors, { [STATE_KEY]: JSON.stringify(state) });
}

/**
 * Puts a checkpoint's state into a trainer that was made by the same configuration.
 * @throws CheckpointError where the bytes are no checkpoint, or one of another run (each difference is named)
 */
export function restoreCheckpoint<Batch>(
  trainer: Trainer<Batch>,
  bytes: Uint8Array,
  { fingerprint, path }: { fingerprint: Record<string, string>; path: string },
): TrainingPosition {
  const { state, tensors } = parse(bytes, path);
  checkFingerprint(state.fingerprint, fingerprint, path);
  try {
    loadState(trainer, state, tensors);
  } catch (cause) {
    throw new CheckpointError(
      `training: the checkpoint ${path} does not fit this run: ${(cause as Error).message}`,
      { cause },
    );
  }
  return state.position;
}

function checkFingerprint(theirs: Record<string, string>, ours: Record<string, string>, path: string): void {
  const differences = Object.keys({ ...theirs, ...ours })
    .filter((key) => theirs[key] !== ours[key])
    .map((key) => `${key} (${theirs[key] ?? 'absent'} there, ${ours[key] ?? 'absent'} here)`);
  if (differences.length === 0) return;
  throw new CheckpointError(
    `training: the checkpoint ${path} must belong to this run, but it differs in ${differences.join('; ')}. ` +
      'Resume with what the run was started with, or remove the checkpoint to start over.',
  );
}

function loadState<Batch>(
  trainer: Trainer<Batch>,
  state: CheckpointState,
  tensors: ReadonlyMap<string, WeightArray>,
): void {
  const { network } = trainer;
  network.loadWeights(withPrefix(tensors, WEIGHTS_PREFIX));
  const kept = withPrefix(tensors, KEPT_PREFIX);
  trainer.keptWeights = kept.size > 0 ? kept : null;
  const { steps, ...optimizer } = state.optimizer;
  const moments = network.variables.flatMap(({ name }, i) => {
    const m = tensors.get(`m/${i}`);
    const v = tensors.get(`v/${i}`);
    return m && v
      ? [[name, { step: steps[i] as number, shape: m.shape, m: m.data, v: v.data }] as const]
      : [];
  });
  network.optimizer.setState({ ...optimizer, variables: Object.fromEntries(moments) });
  network.schedule.setState(state.schedule as never);
}

function parse(
  bytes: Uint8Array,
  path: string,
): { state: CheckpointState; tensors: Map<string, WeightArray> } {
  let tensors: ReturnType<typeof parseSafetensors>;
  let state: CheckpointState;
  try {
    tensors = parseSafetensors(bytes);
    state = JSON.parse(tensors.metadata[STATE_KEY] ?? 'null');
  } catch (cause) {
    throw new CheckpointError(
      `training: the checkpoint ${path} cannot be read: ${(cause as Error).message} Remove it to start over.`,
      { cause },
    );
  }
  if (state?.formatVersion !== FORMAT_VERSION) {
    throw new CheckpointError(
      `training: the checkpoint ${path} must have the format version ${FORMAT_VERSION}, got ` +
        `${state?.formatVersion ?? 'none'}. Remove it to start over.`,
    );
  }
  return { state, tensors };
}

function withPrefix(tensors: ReadonlyMap<string, WeightArray>, prefix: string): Map<string, WeightArray> {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, weight]) => [name.slice(prefix.length), weight]),
  );
}
