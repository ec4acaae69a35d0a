import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { isFloat64Array, sha256 } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import { parseSafetensors, type WeightMap } from '@serial-oe/safetensors';
import type { Platform } from '../platform';
import { N_LEVELS } from './band-levels';
import { createEmbedder } from './create-embedder';
import type { Detector } from './detector';
import { Familiarity } from './familiarity';
import { isLifted, restoreArrays } from './manifest-arrays';
import type { WeightType } from './model-parts';
import { createOnnxEmbedder, type OnnxOptions } from './onnx-embedder';
import { type ToOnnxOptions, toOnnxFile } from './onnx-file';
import { readDetectors } from './read-detectors';
import { readManifest } from './read-manifest';
import { SerialOeModel } from './serial-oe-model';
import { MANIFEST_FILE, type Manifest, WEIGHTS_FILE } from './write-bundle';

export interface FromBundleOptions {
  /** Names the bundle in messages. */
  name: string;
  platform: Platform;
  /** Of the extractor; undefined for pure tfjs. */
  ops: ExtractorOps | undefined;
  /** Where the extractor runs; undefined for tfjs. */
  onnx?: (OnnxOptions & ToOnnxOptions) | undefined;
}

/**
 * The model in a bundle's files.
 * @throws BundleError naming what is missing, misshapen, altered, or of another format version
 */
export async function fromBundleFiles(
  files: ReadonlyMap<string, Uint8Array>,
  { name, platform, ops, onnx }: FromBundleOptions,
): Promise<SerialOeModel> {
  const { manifest, weights, weightType, detectors, familiarity } = readBundleFiles(files, name);
  const { config, amplitude, machineType, provenance, nHeadOutputs } = manifest;
  const shared = { config, amplitude, machineType, nHeadOutputs, weights, weightType };
  const embedder =
    onnx === undefined
      ? inBundle(name, () => createEmbedder(shared, ops))
      : await createOnnxEmbedder(
          inBundle(name, () => toOnnxFile(shared, onnx)),
          onnx,
        );
  return new SerialOeModel({ ...shared, provenance, detectors, familiarity, embedder }, platform);
}

interface BundleContent {
  /** With its long arrays in their places. */
  manifest: Manifest;
  /** Of the network, which is not built yet. */
  weights: WeightMap;
  weightType: WeightType;
  detectors: Map<string, Detector>;
  familiarity: Familiarity | null;
}

/**
 * All that a bundle's files hold, checked but for the shapes of the network's weights.
 * @throws BundleError as {@link fromBundleFiles}
 */
export function readBundleFiles(files: ReadonlyMap<string, Uint8Array>, name: string): BundleContent {
  const stored = readManifest(files.get(MANIFEST_FILE), name);
  const bytes = files.get(WEIGHTS_FILE);
  if (bytes === undefined) {
    throw new BundleError('missing', `serial-oe.loadSerialOe: ${name} must hold ${WEIGHTS_FILE}, got none.`);
  }
  const checksum = sha256(bytes);
  if (checksum !== stored.checksums[WEIGHTS_FILE]) {
    throw new BundleError(
      'checksum',
      `serial-oe.loadSerialOe: ${WEIGHTS_FILE} of ${name} must have the checksum that its manifest gives, got ` +
        `${checksum}. The file was altered or cut short; copy the model again.`,
    );
  }
  const content = inBundle(name, () => {
    const tensors = parseSafetensors(bytes, { keepFloat64: true });
    const manifest = restoreArrays(stored, tensors) as Manifest;
    const network = [...tensors].filter(([tensor]) => !isLifted(tensor));
    const weights: WeightMap = new Map(
      network.map(([tensor, { shape, data }]) => [
        tensor,
        { shape, data: isFloat64Array(data) ? Float32Array.from(data) : data },
      ]),
    );
    const isHalf = network.some(([, { dtype }]) => dtype === 'F16');
    return { manifest, weights, weightType: isHalf ? ('float16' as const) : ('float32' as const) };
  });
  return {
    ...content,
    detectors: readDetectors(content.manifest, name),
    familiarity: readFamiliarity(content.manifest, name),
  };
}

/** @throws BundleError for one that the front end's spectrograms do not fit, or that is none. */
function readFamiliarity({ familiarity, config }: Manifest, name: string): Familiarity | null {
  if (familiarity === null) return null;
  try {
    return Familiarity.fromJSON(familiarity, Math.min(N_LEVELS, config.frontEnd.nMels));
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `serial-oe.loadSerialOe: familiarity in ${MANIFEST_FILE} of ${name} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** What is wrong with the weights becomes an error that names the bundle. */
function inBundle<T>(name: string, load: () => T): T {
  try {
    return load();
  } catch (cause) {
    const message = `serial-oe.loadSerialOe: ${name} cannot be loaded: ${(cause as Error).message}`;
    throw new BundleError('weights', message, { cause });
  }
}
