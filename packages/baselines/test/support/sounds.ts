import type { Clip } from '@serial-oe/datasets';
import { seededRandom } from '@serial-oe/foundation';
import { createBrowserPlatform, type Platform } from '@serial-oe/runtime/contract';

export const RATE = 16_000;

export interface SoundOptions extends Partial<Clip> {
  /** Of the hum; default by type and ID. */
  hertz?: number;
  seconds?: number;
}

/** A hum whose pitch tells machines apart, in noise. */
export function clip(name: string, options: SoundOptions = {}): Clip {
  const { machineType = 'fan', machineId = '00', label = 'normal', split = 'train' } = options;
  const { hertz = pitchOf(machineType, machineId), seconds = 1.2, ...rest } = options;
  const random = seededRandom(1, machineType, machineId, name);
  const phase = 2 * Math.PI * random();
  const waveform = Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, i) => 0.1 * Math.sin(phase + (2 * Math.PI * hertz * i) / RATE) + 0.02 * (random() - 0.5),
  );
  const path = `${machineType}/${machineId}/${split}/${name}.wav`;
  return { path, machineType, machineId, label, split, waveform, sampleRate: RATE, ...rest };
}

function pitchOf(machineType: string, machineId: string): number {
  return (machineType === 'fan' ? 200 : 700) + 150 * Number(machineId);
}

/** So many normal training clips of a machine. */
export function normals(n: number, options: SoundOptions = {}): Clip[] {
  return Array.from({ length: n }, (_, i) => clip(`n${i}`, options));
}

export const platform: Platform = createBrowserPlatform();
