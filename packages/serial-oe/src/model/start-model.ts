import { sha256 } from '@serial-oe/foundation';
import type { WeightMap } from '@serial-oe/safetensors';
import type { SerialOeConfig } from '../config/config';
import type { Amplitude } from '../features/front-end';
import type { ModelParts } from './model-parts';
import type { Provenance } from './provenance';

/** A trained model that a training goes on from; plain data. */
export interface StartModel {
  config: SerialOeConfig;
  machineType: string;
  /** The outputs of the ID head in their order, then machines that were added later. */
  machineIds: readonly string[];
  /** The network knows sounds that were normalised by it. */
  amplitude: Amplitude;
  weights: WeightMap;
  /** SHA-256 of the weights. */
  checksum: string;
  provenance: Provenance;
}

/** What training goes on from of a model. */
export function startModelOf({
  config,
  machineType,
  detectors,
  amplitude,
  weights,
  provenance,
}: Pick<
  ModelParts,
  'config' | 'machineType' | 'detectors' | 'amplitude' | 'weights' | 'provenance'
>): StartModel {
  const machineIds = [...detectors.keys()];
  return { config, machineType, machineIds, amplitude, weights, checksum: checksumOf(weights), provenance };
}

function checksumOf(weights: WeightMap): string {
  const each = [...weights].map(([name, { data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return `${name} ${sha256(bytes)}`;
  });
  return sha256(each.sort().join('\n'));
}
