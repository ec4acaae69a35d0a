import type { DetectorJSON } from '@serial-oe/detectors';
import { checkOneOf, checkOptions, type OptionNames, sha256 } from '@serial-oe/foundation';
import { serializeWeights } from '@serial-oe/safetensors';
import type { SerialOeConfig } from '../config/config';
import type { Amplitude } from '../features/front-end';
import type { Calibration, DetectorUnit } from './detector';
import type { FamiliarityJSON } from './familiarity';
import { liftArrays } from './manifest-arrays';
import { manifestChecksum } from './manifest-checksum';
import type { ModelParts, WeightType } from './model-parts';
import type { Provenance } from './provenance';

/** Raised when the layout of bundles changes. 3: a checksum of the manifest, and its long arrays beside the weights. */
export const FORMAT_VERSION = 3;
export const FORMAT = 'serial-oe-model';
export const MANIFEST_FILE = 'manifest.json';
export const WEIGHTS_FILE = 'weights.safetensors';
/** All files of a bundle. */
export const BUNDLE_FILES: readonly string[] = [MANIFEST_FILE, WEIGHTS_FILE];

interface StoredDetector {
  detector: DetectorJSON;
  threshold: number;
  calibration: Calibration;
  unit: DetectorUnit;
}

/**
 * What {@link MANIFEST_FILE} holds. An array of numbers in any field may be long: those stand in {@link WEIGHTS_FILE}
 * (`liftArrays`), and whoever adds a field need not care.
 */
export interface Manifest {
  format: typeof FORMAT;
  formatVersion: number;
  machineType: string;
  machineIds: string[];
  config: SerialOeConfig;
  amplitude: Amplitude;
  nHeadOutputs: number;
  detectors: Record<string, StoredDetector>;
  /** Null where the training sounds were too few to say how far is far. */
  familiarity: FamiliarityJSON | null;
  provenance: Provenance;
  /** SHA-256 of the other files, and of the manifest's own content (`manifestChecksum`). */
  checksums: Record<string, string>;
}

/** How a model is written. */
export interface SaveOptions {
  /**
   * How the file holds the network's weights. Default: as the model was loaded, float32 for one that was trained. 'float16' is half the
   * size; biases and BatchNorm, of one dimension, stay float32. Thresholds stay as they are, so that scores near them may change sides.
   */
  weights?: WeightType | undefined;
}

const SAVE_OPTIONS: OptionNames<SaveOptions> = { weights: true };

/**
 * The files of a bundle by name.
 * @throws RangeError for a weight that float16 cannot hold
 */
export async function toBundleFiles(
  parts: ModelParts,
  options: SaveOptions = {},
): Promise<Map<string, Uint8Array>> {
  checkOptions('serial-oe.toBundleFiles', options, SAVE_OPTIONS);
  const weightType = checkOneOf(
    'serial-oe.toBundleFiles: weights',
    options.weights ?? parts.weightType ?? 'float32',
    ['float32', 'float16'] as const,
  );
  const detectors = [...parts.detectors].map(([id, { outlierDetector, threshold, calibration, unit }]) => [
    id,
    { detector: outlierDetector.toJSON(), threshold, calibration, unit },
  ]);
  const content: Omit<Manifest, 'checksums'> = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    machineType: parts.machineType,
    machineIds: [...parts.detectors.keys()],
    config: parts.config,
    amplitude: parts.amplitude,
    nHeadOutputs: parts.nHeadOutputs,
    detectors: Object.fromEntries(detectors),
    familiarity: parts.familiarity?.toJSON() ?? null,
    provenance: parts.provenance,
  };
  return bundleFilesOf(content, parts.weights, weightType);
}

/** Puts long arrays beside the weights, and both files under their checksums. */
export function bundleFilesOf(
  content: object,
  networkWeights: ModelParts['weights'],
  weightType: WeightType = 'float32',
): Map<string, Uint8Array> {
  const { json, tensors } = liftArrays(content);
  const weights = serializeWeights(networkWeights, { weightType, others: tensors });
  const plain = JSON.parse(JSON.stringify(json)); // as a reader will have it
  const manifest = { ...plain, checksums: { [WEIGHTS_FILE]: sha256(weights) } };
  manifest.checksums[MANIFEST_FILE] = manifestChecksum(manifest, MANIFEST_FILE);
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  return new Map([
    [MANIFEST_FILE, new TextEncoder().encode(text)],
    [WEIGHTS_FILE, weights],
  ]);
}
