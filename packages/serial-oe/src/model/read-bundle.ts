import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { sha256 } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import { parseSafetensors } from '@serial-oe/safetensors';
import { checkConfig } from '../config/check-config';
import type { Platform } from '../platform';
import { createEmbedder } from './create-embedder';
import { createOnnxEmbedder, type OnnxOptions } from './onnx-embedder';
import { type ToOnnxOptions, toOnnxFile } from './onnx-file';
import { readDetectors } from './read-detectors';
import { SerialOeModel } from './serial-oe-model';
import { FORMAT, FORMAT_VERSION, MANIFEST_FILE, type Manifest, WEIGHTS_FILE } from './write-bundle';

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
  const manifest = readManifest(files.get(MANIFEST_FILE), name);
  const bytes = files.get(WEIGHTS_FILE);
  if (bytes === undefined) {
    throw new BundleError('missing', `serial-oe.loadSerialOe: ${name} must hold ${WEIGHTS_FILE}, got none.`);
  }
  const checksum = sha256(bytes);
  if (checksum !== manifest.checksums?.[WEIGHTS_FILE]) {
    throw new BundleError(
      'checksum',
      `serial-oe.loadSerialOe: ${WEIGHTS_FILE} of ${name} must have the checksum that its manifest gives, got ` +
        `${checksum}. The file was altered or cut short; copy the model again.`,
    );
  }
  const { config, amplitude, machineType, provenance, nHeadOutputs } = manifest;
  const detectors = readDetectors(manifest, name);
  const weights = inBundle(name, () => new Map(parseSafetensors(bytes)));
  const shared = { config, amplitude, machineType, nHeadOutputs, weights };
  const embedder =
    onnx === undefined
      ? inBundle(name, () => createEmbedder(shared, ops))
      : await createOnnxEmbedder(
          inBundle(name, () => toOnnxFile(shared, onnx)),
          onnx,
        );
  return new SerialOeModel({ ...shared, provenance, detectors, embedder }, platform);
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

function readManifest(bytes: Uint8Array | undefined, name: string): Manifest {
  const where = 'serial-oe.loadSerialOe';
  if (bytes === undefined) {
    throw new BundleError(
      'missing',
      `${where}: ${name} must hold ${MANIFEST_FILE}, got none. It is no model bundle.`,
    );
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${where}: ${MANIFEST_FILE} of ${name} must be JSON, got ${(cause as Error).message}.`,
      {
        cause,
      },
    );
  }
  if (manifest?.format !== FORMAT) {
    throw new BundleError(
      'format',
      `${where}: ${name} must be a ${FORMAT}, got ${JSON.stringify(manifest?.format)}.`,
    );
  }
  if (manifest.formatVersion !== FORMAT_VERSION) {
    throw new BundleError(
      'version',
      `${where}: ${name} must have the format version ${FORMAT_VERSION}, got ${manifest.formatVersion}. ` +
        'Load it with the version of @serial-oe/serial-oe that wrote it, or train again.',
    );
  }
  checkFields(manifest, name);
  return manifest;
}

function checkFields(manifest: Manifest, name: string): void {
  const { amplitude, machineType, nHeadOutputs, detectors, provenance } = manifest;
  const problems = [
    typeof machineType === 'string' ? '' : 'machineType must be a name',
    Number.isFinite(amplitude?.mean) && amplitude?.std > 0
      ? ''
      : 'amplitude must hold a mean and a positive std',
    Number.isInteger(nHeadOutputs) && nHeadOutputs >= 0
      ? ''
      : 'nHeadOutputs must be a whole number of at least 0',
    typeof detectors === 'object' && detectors !== null && Object.keys(detectors).length > 0
      ? ''
      : 'detectors must hold at least one',
    Array.isArray(provenance?.heldOutClips) && Array.isArray(provenance.history)
      ? ''
      : 'provenance must hold heldOutClips and history',
  ].filter((problem) => problem !== '');
  if (problems.length > 0) {
    throw new BundleError(
      'manifest',
      `serial-oe.loadSerialOe: ${MANIFEST_FILE} of ${name}: ${problems.join('; ')}.`,
    );
  }
  try {
    checkConfig('loadSerialOe', manifest.config);
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${(cause as Error).message} It stands in ${MANIFEST_FILE} of ${name}.`,
      { cause },
    );
  }
}
