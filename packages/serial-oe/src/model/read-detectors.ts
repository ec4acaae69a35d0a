import { detectorFromJSON } from '@serial-oe/detectors';
import { seededRandom } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import { Detector } from './detector';
import { mixtureMaker } from './mixture-maker';
import { MANIFEST_FILE, type Manifest } from './write-bundle';

/**
 * The detectors of a manifest, by machine ID.
 * @throws BundleError naming the machine ID whose detector cannot be read
 */
export function readDetectors({ detectors, config }: Manifest, name: string): Map<string, Detector> {
  const read = (id: string, { detector, threshold, calibration }: Manifest['detectors'][string]) => {
    if (!Number.isFinite(threshold)) {
      throw new BundleError(
        'manifest',
        `serial-oe.loadSerialOe: threshold of ${id} in ${MANIFEST_FILE} of ${name} must be finite, got ${threshold}.`,
      );
    }
    const random = seededRandom(config.seed, 'mixture', id);
    try {
      const gaussianMixture = mixtureMaker({ config: config.detector, random });
      return new Detector(detectorFromJSON(detector, { gaussianMixture }), { threshold, calibration });
    } catch (cause) {
      throw new BundleError(
        'manifest',
        `serial-oe.loadSerialOe: the detector of ${id} in ${MANIFEST_FILE} of ${name} cannot be read: ${(cause as Error).message}`,
        { cause },
      );
    }
  };
  return new Map(Object.entries(detectors).map(([id, stored]) => [id, read(id, stored)]));
}
