import type { DetectorJSON } from '@serial-oe/detectors';
import { sha256 } from '@serial-oe/foundation';
import { serializeSafetensors } from '@serial-oe/safetensors';
import type { SerialOeConfig } from '../config/config';
import type { Amplitude } from '../features/front-end';
import type { Calibration } from './detector';
import type { ModelParts } from './model-parts';
import type { Provenance } from './provenance';

/** Raised when the layout of bundles changes. */
export const FORMAT_VERSION = 2;
export const FORMAT = 'serial-oe-model';
export const MANIFEST_FILE = 'manifest.json';
export const WEIGHTS_FILE = 'weights.safetensors';

interface StoredDetector {
  detector: DetectorJSON;
  threshold: number;
  calibration: Calibration;
}

/** What {@link MANIFEST_FILE} holds. */
export interface Manifest {
  format: typeof FORMAT;
  formatVersion: number;
  machineType: string;
  machineIds: string[];
  config: SerialOeConfig;
  amplitude: Amplitude;
  nHeadOutputs: number;
  detectors: Record<string, StoredDetector>;
  provenance: Provenance;
  /** SHA-256 of the other files. */
  checksums: Record<string, string>;
}

/** The files of a bundle by name. */
export async function toBundleFiles(parts: ModelParts): Promise<Map<string, Uint8Array>> {
  const weights = serializeSafetensors(parts.weights);
  const detectors = [...parts.detectors].map(([id, { outlierDetector, threshold, calibration }]) => [
    id,
    { detector: outlierDetector.toJSON(), threshold, calibration },
  ]);
  const manifest: Manifest = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    machineType: parts.machineType,
    machineIds: [...parts.detectors.keys()],
    config: parts.config,
    amplitude: parts.amplitude,
    nHeadOutputs: parts.nHeadOutputs,
    detectors: Object.fromEntries(detectors),
    provenance: parts.provenance,
    checksums: { [WEIGHTS_FILE]: sha256(weights) },
  };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  return new Map([
    [MANIFEST_FILE, new TextEncoder().encode(text)],
    [WEIGHTS_FILE, weights],
  ]);
}
