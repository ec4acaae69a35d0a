// The folder with the inputs that all contenders of a run read. Numbers are raw, little-endian, row-major.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder: first argument of every contender. */
export const INPUTS = process.argv[2];
/** Threads to use; the peers' libraries read the same variable (see lib/peer-environments.mjs). */
export const THREADS = Number(process.env.OMP_NUM_THREADS ?? 1);

export function writeArray(name, array) {
  writeFileSync(join(INPUTS, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

export function readFloat32(name) {
  return new Float32Array(aligned(name));
}

export function readFloat64(name) {
  return new Float64Array(aligned(name));
}

export function writeJson(name, value) {
  writeFileSync(join(INPUTS, name), JSON.stringify(value));
}

export function readJson(name) {
  return JSON.parse(readFileSync(join(INPUTS, name), 'utf8'));
}

/** A buffer of its own: that of a small file may start anywhere in Node's pool. */
function aligned(name) {
  return Uint8Array.from(readFileSync(join(INPUTS, name))).buffer;
}
