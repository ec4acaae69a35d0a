import { seededRandom } from '@serial-oe/foundation';
import type { Embeddings } from '@serial-oe/runtime';
import { type ModelParts, resolveConfig } from '../../src';
import { Familiarity } from '../../src/model/familiarity';
import { fitDetector } from '../../src/model/fit-detector';
import { manifestChecksum } from '../../src/model/manifest-checksum';
import { MANIFEST_FILE } from '../../src/model/write-bundle';
import { TINY_CONFIG } from './tiny-dataset';

export const EMBEDDING_SIZE = 8;

/** A model's parts without a network: what stands in a bundle, in milliseconds. */
export function madeUpParts({ machineIds = ['00', '02'] } = {}): ModelParts {
  const config = resolveConfig('quick', TINY_CONFIG);
  const detectors = machineIds.map((id) => {
    const clips = Array.from({ length: 12 }, (_, i) => embeddingsOf(`${id} ${i}`));
    const random = () => seededRandom(0, 'mixture', id);
    return [id, fitDetector(clips, { ...config, validation: [], random })] as const;
  });
  const weights = new Map([
    ['stem.weight', { shape: [2, 3], data: Float32Array.of(0.1, -0, 1e-30, 3e38, 5, 6) }],
  ]);
  return {
    ...{ config, machineType: 'fan', amplitude: { mean: 1e-5, std: 0.03 }, nHeadOutputs: 2, weights },
    detectors: new Map(detectors),
    familiarity: Familiarity.fit(new Map(machineIds.map((id) => [id, bandLevelsOf(id)]))),
    embedder: undefined as never, // nothing here embeds
    provenance: {
      ...{ trainedAt: '2026-01-01T00:00:00.000Z', version: '0.0.0', backend: 'cpu', operations: 'tfjs' },
      ...{ workers: 1, microBatchSize: 8, nMicroBatches: 1, dataset: 'made up', nNormalClips: 24 },
      ...{ nPseudoAnomalousClips: 24, nKnownAnomalies: 0, nValidationClips: 0, nSteps: 6, selectedEpoch: 1 },
      ...{ pretrainedWeights: null, heldOutClips: [] },
      history: [{ loss: 0.5 }] as ModelParts['provenance']['history'],
    },
  };
}

export function embeddingsOf(name: string): Embeddings {
  const random = seededRandom(1, name);
  const data = Float32Array.from({ length: 10 * EMBEDDING_SIZE }, () => 2 * random() - 1);
  return { data, nRows: 10, nCols: EMBEDDING_SIZE };
}

/** Of 12 clips, as many as the tiny configuration's 32 mel bands are joined into. */
function bandLevelsOf(name: string): Float64Array[] {
  const random = seededRandom(2, name);
  return Array.from({ length: 12 }, () => Float64Array.from({ length: 16 }, () => random()));
}

export type Json = Record<string, unknown>;

/** The bundle with another manifest; with a right checksum again where it is signed anew. */
export function withManifest(
  files: ReadonlyMap<string, Uint8Array>,
  change: (manifest: Json) => unknown,
  { isSigned = false } = {},
): Map<string, Uint8Array> {
  const manifest = JSON.parse(new TextDecoder().decode(files.get(MANIFEST_FILE)));
  const changed = (change(manifest) ?? manifest) as Json;
  if (isSigned) sign(changed);
  return new Map([...files, [MANIFEST_FILE, new TextEncoder().encode(JSON.stringify(changed))]]);
}

/** Where there is no place for a checksum, or too much depth, the manifest stays as it is. */
function sign(manifest: Json): void {
  try {
    (manifest.checksums as Json)[MANIFEST_FILE] = manifestChecksum(manifest, MANIFEST_FILE);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
  }
}
