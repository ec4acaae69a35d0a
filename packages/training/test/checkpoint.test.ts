import '@tensorflow/tfjs-backend-cpu';
import { seededRandom, sha256 } from '@serial-oe/foundation';
import { CheckpointError, type TrainingProgress } from '@serial-oe/runtime';
import { parseSafetensors, serializeSafetensors } from '@serial-oe/safetensors';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { checkpointFile, initialPosition, runTraining, Trainer } from '../src';
import { restoreCheckpoint, serializeCheckpoint } from '../src/checkpoint';
import { createLine, lineMethod, N_EPOCHS, SETUP, STEPS_PER_EPOCH } from './support/line-method';
import { memoryFiles } from './support/memory-files';

const FINGERPRINT = { data: 'a' };
const LENGTH = { nEpochs: N_EPOCHS, nSteps: STEPS_PER_EPOCH };
const PATH = 'run/checkpoint.safetensors';

/** A checkpoint in the middle of the third epoch. */
let good: Uint8Array;

beforeAll(async () => {
  await setBackend('cpu');
  const files = memoryFiles();
  const stop = new AbortController();
  let nSteps = 0;
  const onProgress = ({ kind }: TrainingProgress) => {
    if (kind === 'step' && ++nSteps === 2 * STEPS_PER_EPOCH + 2) stop.abort();
  };
  const checkpoint = checkpointFile(files, 'run', FINGERPRINT);
  await runTraining(lineMethod(), { nEpochs: N_EPOCHS, checkpoint, onProgress, signal: stop.signal }).catch(
    () => {},
  );
  good = files.contents.get(PATH)!;
});

const restore = (bytes: Uint8Array) => {
  const trainer = new Trainer(createLine(SETUP), 8);
  try {
    return restoreCheckpoint(trainer, bytes, { fingerprint: FINGERPRINT, path: PATH, length: LENGTH });
  } finally {
    trainer.network.dispose();
  }
};

/** The first 64 hexadecimal digits of the header, which are the checksum. */
const CHECKSUM = /"serial-oe\.checksum":"([0-9a-f]{64})"/;
/** Made right again, as a file is that was written so and not damaged. */
function sealed(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  const found = CHECKSUM.exec(copy.subarray(0, 200).toString('latin1'));
  if (found === null) return bytes;
  const start = found.index + found[0].indexOf(found[1] as string);
  copy.write('0'.repeat(64), start, 'latin1');
  copy.write(sha256(new Uint8Array(copy)), start, 'latin1');
  return new Uint8Array(copy);
}

type Change = (
  state: Record<string, never>,
  tensors: Map<string, { shape: number[]; data: Float32Array }>,
) => void;

/** The good checkpoint as a run with other values would have written it. */
function altered(change: Change): Uint8Array {
  const tensors = parseSafetensors(good);
  const { 'serial-oe.checkpoint': json, ...metadata } = tensors.metadata;
  const state = JSON.parse(json as string);
  change(state, tensors as never);
  // JSON has no NaN and no infinities, but numbers that overflow.
  const text = JSON.stringify(state, (_, value) => (value === Number.POSITIVE_INFINITY ? 'OVERFLOW' : value));
  const overflowing = text.replaceAll('"OVERFLOW"', '1e999');
  return sealed(serializeSafetensors(tensors, { ...metadata, 'serial-oe.checkpoint': overflowing }));
}

it('reads what a run wrote', () => {
  expect(restore(good)).toMatchObject({ epoch: 2, stepInEpoch: 2 });
  expect(altered(() => {})).toEqual(good);
});

it('refuses a flipped bit, wherever it is', () => {
  const random = seededRandom(11);
  const nBits = good.length * 8;
  for (let i = 0; i < 500; i++) {
    const bit = Math.floor(random() * nBits);
    const bytes = good.slice();
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => restore(bytes)).toThrow(CheckpointError);
    expect(() => restore(bytes)).toThrow(
      /run\/checkpoint\.safetensors .*Remove it to start over .*--restart/s,
    );
  }
});

it('says of a flipped bit in a weight, and of one in a number of the state, that the file was damaged', () => {
  const weight = good.slice();
  weight[good.length - 3]! ^= 1;
  expect(() => restore(weight)).toThrow(
    /must have the checksum that it names, got another: it was altered or/,
  );
  const text = Buffer.from(good).toString('latin1').replace('\\"epoch\\":2', '\\"epoch\\":3');
  expect(() => restore(Uint8Array.from(Buffer.from(text, 'latin1')))).toThrow(/altered or damaged/);
});

describe('refuses what no run writes, in spite of its checksum:', () => {
  const position =
    (changes: object): Change =>
    (state) =>
      Object.assign(state.position as never as object, changes);
  const optimizer =
    (changes: object): Change =>
    (state) =>
      Object.assign(state.optimizer as never as object, changes);
  const without =
    (name: string): Change =>
    (state) => {
      delete state[name];
    };

  it.each<[string, Change, RegExp]>([
    ['an epoch beyond the end', position({ epoch: 1e9 }), /position\.history must hold a summary for each/],
    ['a negative epoch', position({ epoch: -1 }), /position\.epoch must be a whole number .*got -1/],
    ['half an epoch', position({ epoch: 1.5 }), /position\.epoch must be a whole/],
    ['an epoch that is no number', position({ epoch: 'two' }), /position\.epoch must be .*got 'two'/],
    ['NaN', position({ epoch: Number.NaN }), /position\.epoch must be .*got null/],
    [
      'an infinite epoch',
      position({ epoch: Number.POSITIVE_INFINITY }),
      /position\.epoch must be .*got Infinity/,
    ],
    [
      'a step beyond the epoch',
      position({ stepInEpoch: 5 }),
      /within 4 epochs of 5 updates, got update 5 of epoch 2/,
    ],
    ['a step far beyond', position({ stepInEpoch: 1e15 }), /within 4 epochs/],
    ['a negative step', position({ stepInEpoch: -3 }), /position\.stepInEpoch must be/],
    ['sums without a loss', position({ lossSums: {} }), /position\.lossSums must hold a finite loss/],
    ['infinite sums', position({ lossSums: { loss: Number.POSITIVE_INFINITY } }), /position\.lossSums/],
    ['no history', position({ history: [] }), /position\.history must hold a summary for each of 2/],
    ['a history of nothing', position({ history: [null, null] }), /position\.history/],
    ['a history of text', position({ history: 'ab' }), /position\.history/],
    ['no position', without('position'), /position\.epoch must be .*got undefined/],
    ['no fingerprint', without('fingerprint'), /fingerprint must map text to text, got undefined/],
    [
      'a fingerprint of numbers',
      (state) => Object.assign(state, { fingerprint: { data: 1 } }),
      /map text to text/,
    ],
    ['a list for a fingerprint', (state) => Object.assign(state, { fingerprint: ['a'] }), /map text to text/],
    ['no optimizer', without('optimizer'), /optimizer\.iterations must be/],
    [
      'too few updates',
      optimizer({ iterations: 3, steps: [3] }),
      /iterations must be the updates so far, 12, got 3/,
    ],
    [
      'an infinite learning rate',
      optimizer({ learningRate: Number.POSITIVE_INFINITY }),
      /optimizer\.learningRate/,
    ],
    ['a negative learning rate', optimizer({ learningRate: -1 }), /learningRate must be/],
    ['a decay rate above 1', optimizer({ beta2: 2 }), /beta2 must be/],
    ['no counts', optimizer({ steps: [] }), /optimizer\.steps must hold 1 counts/],
    ['another count than updates', optimizer({ steps: [1e6] }), /optimizer\.steps must hold whole numbers/],
    ['no schedule', without('schedule'), /schedule must be an object/],
    [
      'a schedule past its end',
      (state) => Object.assign(state.schedule as never as object, { stepCount: 21 }),
      /stepCount/,
    ],
    [
      'an earlier version',
      (state) => Object.assign(state, { formatVersion: 2 }),
      /format version 3, got 2\. Remove it/,
    ],
    [
      'a later version',
      (state) => Object.assign(state, { formatVersion: 4 }),
      /format version 3, got 4\. Remove it/,
    ],
    [
      'a weight that is NaN',
      (_, tensors) => tensors.get('weights/slope')!.data.fill(Number.NaN),
      /finite numbers alone/,
    ],
    ['an infinite moment', (_, tensors) => tensors.get('v/0')!.data.fill(1e39), /'v\/0' must hold finite/],
    ['a negative second moment', (_, tensors) => tensors.get('v/0')!.data.fill(-1), /finite and at least 0/],
    [
      'a missing moment',
      (_, tensors) => tensors.delete('m/0'),
      /moments of variable 0 must have its shape \[\]/,
    ],
    [
      'a moment of another shape',
      (_, tensors) => tensors.set('m/0', { shape: [2], data: new Float32Array(2) }),
      /its shape/,
    ],
    ['a missing weight', (_, tensors) => tensors.delete('weights/slope'), /does not fit this run/],
  ])('%s', (_, change, message) => {
    const bytes = altered(change);
    expect(() => restore(bytes)).toThrow(CheckpointError);
    expect(() => restore(bytes)).toThrow(message);
    expect(() => restore(bytes)).toThrow(
      /run\/checkpoint\.safetensors .*Remove it to start over .*--restart/s,
    );
  });

  it('no checksum, and a file of something else', () => {
    const tensors = parseSafetensors(good);
    const { 'serial-oe.checksum': _, ...metadata } = tensors.metadata;
    expect(() => restore(serializeSafetensors(tensors, metadata))).toThrow(/must have the checksum/);
    expect(() => restore(serializeSafetensors(tensors))).toThrow(
      /must have the format version 3, got 'none'/,
    );
    for (const other of [new Uint8Array(), new TextEncoder().encode('<html>'), good.subarray(0, 100)])
      expect(() => restore(other)).toThrow(/cannot be read: .*Remove it to start over/);
  });
});

it('holds against 10,000 damaged files, with and without a checksum made right again', async () => {
  const nTensors = memory().numTensors;
  const isExpected = (error: unknown) => error instanceof CheckpointError && error.message.includes(PATH);
  const random = seededRandom(12);
  const damaged = await fuzzReader({
    samples: [good],
    isExpected,
    random,
    read(bytes) {
      restore(bytes);
      expect(Buffer.from(bytes).equals(good)).toBe(true); // only what the damage left as it was
    },
  });
  const resealed = await fuzzReader({
    samples: [good],
    isExpected,
    random,
    read(bytes) {
      const { epoch, stepInEpoch, history } = restore(sealed(bytes));
      expect(epoch).toBeLessThanOrEqual(N_EPOCHS);
      expect(stepInEpoch).toBeLessThan(STEPS_PER_EPOCH);
      expect(history).toHaveLength(epoch);
    },
  });
  expect(damaged.nRefused).toBeGreaterThan(9_000);
  expect(resealed.nRead).toBeGreaterThan(20);
  expect(resealed.nRefused).toBeGreaterThan(1_000);
  expect(memory().numTensors).toBe(nTensors);
});

it('is the same file for the same state', async () => {
  const trainer = new Trainer(createLine(SETUP), 8);
  const write = () => serializeCheckpoint(trainer, initialPosition(), FINGERPRINT);
  expect(await write()).toEqual(await write());
  trainer.network.dispose();
});
