import { readBundleFiles } from './read-bundle';
import { type StartModel, startModelOf } from './start-model';

/**
 * The model of a bundle's files as what training goes on from.
 * @throws BundleError for files that are none
 */
export function readStartModel(files: ReadonlyMap<string, Uint8Array>): StartModel {
  const { manifest, weights, detectors } = readBundleFiles(files, 'the model that is tuned further');
  return startModelOf({ ...manifest, weights, detectors });
}
