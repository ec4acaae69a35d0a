/** Damage to files as disks, networks and other people's writers do it, and a loop that reads what is left. */

/** Sizes and counts that readers get wrong: ends of ranges, and their neighbours. */
const EDGE_VALUES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7ffff000, 0x7fffffff, 0x80000000, 0xffffffff,
];

type Bytes = Uint8Array<ArrayBufferLike>;

/** What may happen to bytes; each returns new bytes. */
const DAMAGES: readonly ((bytes: Uint8Array, random: () => number) => Uint8Array)[] = [
  flipBit,
  overwriteByte,
  overwriteByte,
  overwriteNumber,
  overwriteNumber,
  cut,
  removeBlock,
  repeatBlock,
  zeroBlock,
];

/** A copy of `bytes` with one to four damages. */
export function damageBytes(bytes: Uint8Array, random: () => number): Uint8Array {
  let damaged: Bytes = new Uint8Array(bytes); // slice() of a Buffer is no copy
  const nDamages = 1 + Math.floor(random() * 4);
  for (let i = 0; i < nDamages && damaged.length > 0; i++) {
    damaged = DAMAGES[Math.floor(random() * DAMAGES.length)]!(damaged, random);
  }
  return damaged;
}

export interface FuzzOptions {
  /** Good files; each input is one of them, damaged. */
  samples: readonly Uint8Array[];
  /** Reads an input; what it throws is judged by `isExpected`. */
  read(bytes: Uint8Array): unknown;
  /** Whether an error is one that the reader promises. */
  isExpected(error: unknown): boolean;
  random: () => number;
  /** Default 10,000. */
  nInputs?: number;
  /** An input that takes longer fails, milliseconds; default 60,000: a machine may stall for seconds, a read that never ends never does. */
  maxMilliseconds?: number;
}

/**
 * Reads damaged files, and counts those that were read and those that were refused.
 * @throws Error with the input's number, the base64 of its first bytes and the cause, where a read ends in an error that
 *   is not expected or takes too long
 */
export async function fuzzReader({
  samples,
  read,
  isExpected,
  random,
  nInputs = 10_000,
  maxMilliseconds = 60_000,
}: FuzzOptions): Promise<{ nRead: number; nRefused: number }> {
  let nRefused = 0;
  for (let i = 0; i < nInputs; i++) {
    const bytes = damageBytes(samples[i % samples.length]!, random);
    const start = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      if (!isExpected(error)) throw failure(i, bytes, error);
      nRefused++;
    }
    const milliseconds = performance.now() - start;
    if (milliseconds > maxMilliseconds) throw failure(i, bytes, `it took ${milliseconds.toFixed(0)} ms`);
  }
  return { nRead: nInputs - nRefused, nRefused };
}

function failure(i: number, bytes: Uint8Array, cause: unknown): Error {
  const start = Buffer.from(bytes.subarray(0, 300)).toString('base64');
  return new Error(`input ${i} (${bytes.length} bytes, ${start}): ${String(cause)}`, { cause });
}

/** Most damage of interest is in headers: half of all positions lie in the first 256 bytes. */
function position(bytes: Uint8Array, random: () => number): number {
  const end = random() < 0.5 ? Math.min(256, bytes.length) : bytes.length;
  return Math.floor(random() * end);
}

function flipBit(bytes: Uint8Array, random: () => number): Uint8Array {
  bytes[position(bytes, random)]! ^= 1 << Math.floor(random() * 8);
  return bytes;
}

function overwriteByte(bytes: Uint8Array, random: () => number): Uint8Array {
  bytes[position(bytes, random)] = Math.floor(random() * 256);
  return bytes;
}

/** Four bytes become an edge value or any number, little-endian or big-endian. */
function overwriteNumber(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = position(bytes, random);
  if (at + 4 > bytes.length) return bytes;
  const edge = EDGE_VALUES[Math.floor(random() * EDGE_VALUES.length)]!;
  const value = random() < 0.7 ? edge : Math.floor(random() * 2 ** 32);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, random() < 0.7);
  return bytes;
}

function cut(bytes: Uint8Array, random: () => number): Uint8Array {
  return bytes.slice(0, Math.floor(random() * bytes.length));
}

/** A stretch of at most 64 bytes. */
function block(bytes: Uint8Array, random: () => number): [start: number, end: number] {
  const start = position(bytes, random);
  return [start, Math.min(bytes.length, start + 1 + Math.floor(random() * 64))];
}

function removeBlock(bytes: Uint8Array, random: () => number): Uint8Array {
  const [start, end] = block(bytes, random);
  return join(bytes.subarray(0, start), bytes.subarray(end));
}

function repeatBlock(bytes: Uint8Array, random: () => number): Uint8Array {
  const [start, end] = block(bytes, random);
  return join(bytes.subarray(0, end), bytes.subarray(start));
}

function zeroBlock(bytes: Uint8Array, random: () => number): Uint8Array {
  return bytes.fill(0, ...block(bytes, random));
}

function join(front: Uint8Array, back: Uint8Array): Uint8Array {
  const joined = new Uint8Array(front.length + back.length);
  joined.set(front);
  joined.set(back, front.length);
  return joined;
}
