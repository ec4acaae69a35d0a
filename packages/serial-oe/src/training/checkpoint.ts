import { parseSafetensors, serializeSafetensors, type WeightArray } from '@serial-oe/efficientnet-extractor';
import type { OneCycleLRState } from '@serial-oe/optimizers';
import { CheckpointError } from '@serial-oe/runtime';
import type { EpochSummary } from './progress';
import type { Trainer } from './trainer';

/** Raised when the layout of checkpoints changes. */
const FORMAT_VERSION = 1;
const STATE_KEY = 'serial-oe.checkpoint';
const EXTRACTOR_PREFIX = 'weights/';
const ID_LOSS_PREFIX = 'id_loss/';
/** Of the weights that are kept from an earlier epoch. */
const KEPT_PREFIX = 'kept/';

/** Where a run stands. */
export interface TrainingPosition {
  /** Epoch that runs, from 0. */
  epoch: number;
  /** Updates done in that epoch. */
  stepInEpoch: number;
  /** Sums of the losses of that epoch's updates so far; null for a term that takes no part. */
  lossSums: { loss: number; typeLoss: number | null; idLoss: number | null };
  /** Finished epochs. */
  history: EpochSummary[];
}

interface CheckpointState {
  formatVersion: number;
  /** What must be the same for the run to continue: configuration, data and code that draws numbers. */
  fingerprint: Record<string, string>;
  position: TrainingPosition;
  optimizer: {
    iterations: number;
    learningRate: number;
    beta1: number;
    beta2: number;
    epsilon: number;
    weightDecay: number;
    steps: number[];
  };
  schedule: OneCycleLRState;
}

/** The whole state of a run as one safetensors file. */
export async function serializeCheckpoint(
  trainer: Trainer,
  position: TrainingPosition,
  fingerprint: Record<string, string>,
): Promise<Uint8Array> {
  const tensors = new Map<string, WeightArray>();
  for (const [name, weight] of await trainer.extractor.toWeightsAsync())
    tensors.set(EXTRACTOR_PREFIX + name, weight);
  for (const [name, weight] of await trainer.idLoss.toWeights()) tensors.set(ID_LOSS_PREFIX + name, weight);
  for (const [name, weight] of trainer.keptWeights ?? []) tensors.set(KEPT_PREFIX + name, weight);
  const { variables: moments, ...optimizer } = await trainer.optimizer.getStateAsync();
  // By position, not by name: tfjs numbers the names of a second extractor in one process.
  const steps = trainer.variables.map(({ name }, i) => {
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
    schedule: trainer.schedule.getState(),
  };
  return serializeSafetensors(tensors, { [STATE_KEY]: JSON.stringify(state) });
}

/**
 * Puts a checkpoint's state into a trainer that was made by the same configuration.
 * @throws CheckpointError where the bytes are no checkpoint, or one of another run (each difference is named)
 */
export function restoreCheckpoint(
  trainer: Trainer,
  bytes: Uint8Array,
  { fingerprint, path }: { fingerprint: Record<string, string>; path: string },
): TrainingPosition {
  const { state, tensors } = parse(bytes, path);
  const differences = Object.keys({ ...state.fingerprint, ...fingerprint }).filter(
    (key) => state.fingerprint[key] !== fingerprint[key],
  );
  if (differences.length > 0) {
    throw new CheckpointError(
      `serial-oe: the checkpoint ${path} must belong to this run, but it differs in ${differences
        .map(
          (key) =>
            `${key} (${state.fingerprint[key] ?? 'absent'} there, ${fingerprint[key] ?? 'absent'} here)`,
        )
        .join('; ')}. Resume with what the run was started with, or remove the checkpoint to start over.`,
    );
  }
  try {
    trainer.extractor.loadWeights(withPrefix(tensors, EXTRACTOR_PREFIX));
    trainer.idLoss.loadWeights(withPrefix(tensors, ID_LOSS_PREFIX));
    const kept = withPrefix(tensors, KEPT_PREFIX);
    trainer.keptWeights = kept.size > 0 ? kept : null;
    const { steps, ...optimizer } = state.optimizer;
    const moments = trainer.variables.flatMap(({ name }, i) => {
      const m = tensors.get(`m/${i}`);
      const v = tensors.get(`v/${i}`);
      return m && v
        ? [[name, { step: steps[i] as number, shape: m.shape, m: m.data, v: v.data }] as const]
        : [];
    });
    trainer.optimizer.setState({ ...optimizer, variables: Object.fromEntries(moments) });
    trainer.schedule.setState(state.schedule);
  } catch (cause) {
    throw new CheckpointError(
      `serial-oe: the checkpoint ${path} does not fit this run: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  return state.position;
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
      `serial-oe: the checkpoint ${path} cannot be read: ${(cause as Error).message} Remove it to start over.`,
      { cause },
    );
  }
  if (state?.formatVersion !== FORMAT_VERSION) {
    throw new CheckpointError(
      `serial-oe: the checkpoint ${path} must have the format version ${FORMAT_VERSION}, got ` +
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
