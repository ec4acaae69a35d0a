import { detectorFromJSON } from '@serial-oe/detectors';
import { seededRandom, show } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import { Detector } from './detector';
import { mixtureMaker } from './mixture-maker';
import { MANIFEST_FILE, type Manifest } from './write-bundle';

/**
 * The detectors of a manifest, by machine ID.
 * @throws BundleError naming the machine ID whose detector cannot be read, or does not take the network's embeddings
 */
export function readDetectors(
  { detectors, machineIds, config }: Pick<Manifest, 'detectors' | 'machineIds' | 'config'>,
  name: string,
): Map<string, Detector> {
  const read = (id: string, { detector, threshold, calibration, unit }: Manifest['detectors'][string]) => {
    const random = seededRandom(config.seed, 'mixture', id);
    try {
      const gaussianMixture = mixtureMaker({ config: config.detector, random });
      const outlierDetector = detectorFromJSON(detector, { gaussianMixture });
      checkWidth(outlierDetector, config.network.embeddingSize);
      if (unit === 'clip' && detector.kind !== 'mahalanobisDistance') {
        throw new RangeError(`its unit must be 'chunk' for the kind ${show(detector.kind)}, got 'clip'.`);
      }
      return new Detector(outlierDetector, { threshold, calibration, unit });
    } catch (cause) {
      throw new BundleError(
        'manifest',
        `serial-oe.loadSerialOe: the detector of ${id} in ${MANIFEST_FILE} of ${name} cannot be read: ${(cause as Error).message}`,
        { cause },
      );
    }
  };
  return new Map(machineIds.map((id) => [id, read(id, detectors[id]!)]));
}

/** One row tells: a detector of any kind refuses rows of another width than those of its fit. */
function checkWidth(outlierDetector: Pick<Detector['outlierDetector'], 'scoreSamples'>, width: number): void {
  try {
    outlierDetector.scoreSamples({ data: new Float64Array(width), nRows: 1, nCols: width });
  } catch (cause) {
    throw new RangeError(
      `it must take embeddings of ${width} values (config.network.embeddingSize): ${(cause as Error).message}`,
      { cause },
    );
  }
}
