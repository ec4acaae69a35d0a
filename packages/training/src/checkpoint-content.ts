import { sha256, show } from '@serial-oe/foundation';
import type { AdamWState } from '@serial-oe/optimizers';
import type { EpochSummary } from '@serial-oe/runtime';
import { parseSafetensors, serializeSafetensors, type WeightArray } from '@serial-oe/safetensors';
import type { Losses } from './losses';

/** Raised when the layout of checkpoints changes. */
const FORMAT_VERSION = 3;
const STATE_KEY = 'serial-oe.checkpoint';
const CHECKSUM_KEY = 'serial-oe.checksum';
/** In the place of the checksum while it is computed. */
const BLANK = '0'.repeat(64);
/** Bytes before the checksum: it is the first entry of the header, at the same place in every checkpoint. */
const START = `{"__metadata__":{"${CHECKSUM_KEY}":"`;
const CHECKSUM_OFFSET = 8 + START.length;

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

/** All of a checkpoint but its tensors. */
export interface CheckpointState {
  /** What must be the same for the run to continue: configuration, data and code that draws numbers. */
  fingerprint: Record<string, string>;
  position: TrainingPosition;
  /** `steps` has one count a variable. */
  optimizer: Omit<AdamWState, 'variables'> & { steps: number[] };
  schedule: object;
}

export interface CheckpointContent {
  state: CheckpointState;
  tensors: Map<string, WeightArray>;
}

/** One safetensors file with the SHA-256 of all its other bytes in its header. */
export function writeCheckpoint({ state, tensors }: CheckpointContent): Uint8Array {
  const bytes = serializeSafetensors(tensors, {
    [CHECKSUM_KEY]: BLANK,
    [STATE_KEY]: JSON.stringify({ formatVersion: FORMAT_VERSION, ...state }),
  });
  bytes.set(new TextEncoder().encode(sha256(bytes)), CHECKSUM_OFFSET);
  return bytes;
}

/**
 * The content of a checkpoint, whole and possible: every value has the kind and the range that a run writes.
 * @throws Error in words that follow "the checkpoint"
 */
export function readCheckpoint(bytes: Uint8Array): CheckpointContent {
  const tensors = parseSafetensors(bytes);
  const state: unknown = JSON.parse(tensors.metadata[STATE_KEY] ?? 'null');
  if (!isRecord(state) || state.formatVersion !== FORMAT_VERSION) {
    const version = isRecord(state) ? state.formatVersion : undefined;
    throw new Error(`must have the format version ${FORMAT_VERSION}, got ${show(version ?? 'none')}.`);
  }
  checkChecksum(bytes);
  checkState(state);
  return { state: state as unknown as CheckpointState, tensors };
}

function checkChecksum(bytes: Uint8Array): void {
  const found = new TextDecoder().decode(bytes.subarray(CHECKSUM_OFFSET, CHECKSUM_OFFSET + BLANK.length));
  const copy = bytes.slice();
  copy.set(new TextEncoder().encode(BLANK), CHECKSUM_OFFSET);
  if (sha256(copy) !== found) {
    throw new Error('must have the checksum that it names, got another: it was altered or damaged.');
  }
}

function checkState({ fingerprint, position, optimizer, schedule }: Record<string, unknown>): void {
  const isOfTexts = isRecord(fingerprint) && Object.values(fingerprint).every((x) => typeof x === 'string');
  refuseUnless(isOfTexts, { name: 'fingerprint', rule: 'map text to text', value: fingerprint });
  const { epoch, stepInEpoch, lossSums, history } = isRecord(position) ? position : {};
  refuseUnless(isCount(epoch), { name: 'position.epoch', rule: COUNT_RULE, value: epoch });
  refuseUnless(isCount(stepInEpoch), { name: 'position.stepInEpoch', rule: COUNT_RULE, value: stepInEpoch });
  const losses = 'hold a finite loss, and finite terms or null';
  refuseUnless(isOfLosses(lossSums), { name: 'position.lossSums', rule: losses, value: lossSums });
  const isWhole = Array.isArray(history) && history.length === epoch && history.every(isSummary);
  refuseUnless(isWhole, {
    name: 'position.history',
    rule: `hold a summary for each of ${epoch} finished epochs`,
    value: history,
  });
  const { iterations, steps, ...rates } = isRecord(optimizer) ? optimizer : {};
  refuseUnless(isCount(iterations), { name: 'optimizer.iterations', rule: COUNT_RULE, value: iterations });
  const areCounts = Array.isArray(steps) && steps.every((x) => isCount(x) && x <= (iterations as number));
  refuseUnless(areCounts, {
    name: 'optimizer.steps',
    rule: `hold whole numbers from 0 to ${iterations}`,
    value: steps,
  });
  for (const name of ['learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay'])
    refuseUnless(isNumber(rates[name]), {
      name: `optimizer.${name}`,
      rule: 'be a finite number',
      value: rates[name],
    });
  refuseUnless(isRecord(schedule), { name: 'schedule', rule: 'be an object', value: schedule });
}

const COUNT_RULE = 'be a whole number of at least 0';

interface Judged {
  name: string;
  rule: string;
  value: unknown;
}

function refuseUnless(isValid: boolean, { name, rule, value }: Judged): void {
  if (!isValid) throw new Error(`must be one that a run wrote: ${name} must ${rule}, got ${show(value)}.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isOfLosses(value: unknown): boolean {
  return (
    isRecord(value) && isNumber(value.loss) && Object.values(value).every((x) => x === null || isNumber(x))
  );
}

/** A loss that overflowed on held-out clips stands in JSON as null. */
function isSummary(value: unknown, i: number): boolean {
  if (!isRecord(value)) return false;
  const { epoch, loss, learningRate, nTensors, tensorBytes, ...others } = value;
  return (
    epoch === i &&
    [loss, learningRate].every(isNumber) &&
    [nTensors, tensorBytes].every(isCount) &&
    Object.values(others).every((x) => x === null || isNumber(x))
  );
}
