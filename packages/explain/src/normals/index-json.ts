import { checkKind, checkOneOf, readJson, show } from '@serial-oe/foundation';
import type { EmbeddingKind } from './clip-embedder';
import { LogMel } from './log-mel';
import type { MachineNormals } from './machine-normals';

const KIND = 'NormalIndex';
const VERSION = 1;
/** Full scale of 16 bits. */
const LARGEST = 32_767;

/** What `NormalIndex.toJSON` makes: plain JSON, arrays as base64 of little-endian numbers. */
export interface NormalIndexJson {
  kind: typeof KIND;
  version: typeof VERSION;
  sampleRate: number;
  embedding: EmbeddingKind;
  machines: MachineJson[];
}

interface MachineJson {
  machineId: string;
  names: readonly string[];
  /** float32 `[nClips, nDimensions]` */
  embeddings: string;
  /** float32 `[nMels]` each */
  mean: string;
  deviation: string;
  /** int16, full scale = `peak` */
  kept: { name: string; peak: number; samples: string }[];
}

export interface IndexContent {
  sampleRate: number;
  embedding: EmbeddingKind;
  machines: ReadonlyMap<string, MachineNormals>;
}

export function toIndexJson({ sampleRate, embedding, machines }: IndexContent): NormalIndexJson {
  return {
    kind: KIND,
    version: VERSION,
    sampleRate,
    embedding,
    machines: [...machines].map(([machineId, { names, embeddings, level, kept }]) => ({
      machineId,
      names,
      embeddings: toBase64(embeddings),
      mean: toBase64(level.mean),
      deviation: toBase64(level.deviation),
      kept: kept.map(({ name, waveform }) => {
        const peak = waveform.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        const scale = peak > 0 ? LARGEST / peak : 0;
        return { name, peak, samples: toBase64(Int16Array.from(waveform, (x) => Math.round(x * scale))) };
      }),
    })),
  };
}

/** @throws TypeError or RangeError naming what is missing or misshapen */
export function fromIndexJson(where: string, json: unknown): IndexContent {
  const fields = readJson(where, json, { kind: KIND, version: VERSION });
  const sampleRate = positive(`${where}: json.sampleRate`, fields.sampleRate);
  const embedding = checkOneOf<EmbeddingKind>(`${where}: json.embedding`, fields.embedding, [
    'scorer',
    'logMel',
  ]);
  const machines = new Map<string, MachineNormals>();
  for (const [i, machine] of listAt(`${where}: json.machines`, fields.machines).entries()) {
    const at = `${where}: json.machines[${i}]`;
    const entry = checkKind(at, machine, 'object') as Record<string, unknown>;
    machines.set(checkKind(`${at}.machineId`, entry.machineId, 'string'), readMachine(at, entry, sampleRate));
  }
  return { sampleRate, embedding, machines };
}

function readMachine(at: string, entry: Record<string, unknown>, sampleRate: number): MachineNormals {
  const { frame } = new LogMel(sampleRate);
  const names = listAt(`${at}.names`, entry.names).map((name) => checkKind(`${at}.names`, name, 'string'));
  const embeddings = floats(`${at}.embeddings`, entry.embeddings);
  if (embeddings.length === 0 || embeddings.length % names.length > 0) {
    throw new RangeError(
      `${at}.embeddings must hold one row a name, got ${embeddings.length} values for ${names.length}.`,
    );
  }
  const mean = floats(`${at}.mean`, entry.mean, frame.nMels);
  const deviation = floats(`${at}.deviation`, entry.deviation, frame.nMels);
  const kept = listAt(`${at}.kept`, entry.kept).map((item, i) => {
    const place = `${at}.kept[${i}]`;
    const { name, peak, samples } = checkKind(place, item, 'object') as Record<string, unknown>;
    if (typeof peak !== 'number' || !(peak >= 0 && peak < Infinity)) {
      throw new RangeError(`${place}.peak must be a finite number of at least 0, got ${show(peak)}.`);
    }
    const values = new Int16Array(bytesOf(`${place}.samples`, samples, 2));
    return {
      name: checkKind(`${place}.name`, name, 'string'),
      waveform: Float32Array.from(values, (value) => (value * peak) / LARGEST),
    };
  });
  return { names, embeddings, level: { ...frame, mean, deviation }, kept };
}

function listAt(where: string, value: unknown): unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new TypeError(`${where} must be a list of at least one entry, got ${show(value)}.`);
}

function positive(where: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${where} must be a whole number of at least 1, got ${show(value)}.`);
}

function floats(where: string, text: unknown, length?: number): Float32Array {
  const values = new Float32Array(bytesOf(where, text, 4));
  if (length !== undefined && values.length !== length) {
    throw new RangeError(`${where} must hold ${length} numbers, got ${values.length}.`);
  }
  if (values.some((value) => !Number.isFinite(value)))
    throw new RangeError(`${where} must hold finite numbers.`);
  return values;
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array | Int16Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

function bytesOf(where: string, text: unknown, size: number): ArrayBuffer {
  let binary: string;
  try {
    binary = atob(checkKind(where, text, 'string'));
  } catch (cause) {
    throw new TypeError(`${where} must be base64, got ${show(text)}.`, { cause });
  }
  if (binary.length % size > 0) {
    throw new RangeError(`${where} must hold whole numbers of ${size} bytes, got ${binary.length} bytes.`);
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}
