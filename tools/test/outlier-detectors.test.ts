import {
  anomalyScores,
  createDetector,
  DensityNormalizedNeighbors,
  type DetectorSpec,
  detectorFromJSON,
  KernelDensity,
  KNearestNeighbors,
  LocalOutlierFactor,
  MahalanobisDistance,
  OneClassSvm,
  type OutlierDetector,
} from '@serial-oe/detectors';
import { GaussianMixture, type GaussianMixtureJSON } from '@serial-oe/gmm';

/** The type is the test: the mixture of another package has the interface without knowing of it. */
const DETECTORS: OutlierDetector[] = [
  new GaussianMixture(),
  new GaussianMixture({ covarianceType: 'diag' }),
  new KNearestNeighbors(),
  new DensityNormalizedNeighbors(),
  new LocalOutlierFactor(),
  new OneClassSvm(),
  new KernelDensity(),
  new MahalanobisDistance(),
];

it.each(DETECTORS.map((detector) => [detector.constructor.name, detector] as const))(
  '%s is an outlier detector',
  (_, detector) => {
    const normal = Array.from({ length: 40 }, (_, i) => [Math.sin(3 * i), Math.cos(5 * i), Math.sin(7 * i)]);
    const [near, far] = anomalyScores(detector.fit(normal), [
      [0.1, 0.2, 0],
      [4, -4, 5],
    ]);
    expect(near).toBeLessThan(far!);
  },
);

it.each<DetectorSpec>([{ kind: 'gaussianMixture', nComponents: 2 }, { kind: 'kNearestNeighbors' }])(
  '$kind comes out of a specification, and back out of JSON',
  (spec) => {
    const gaussianMixture = {
      create: ({ nComponents }: { nComponents: number }) => new GaussianMixture({ nComponents }),
      fromJSON: (json: object) => GaussianMixture.fromJSON(json as GaussianMixtureJSON),
    };
    const normal = Array.from({ length: 40 }, (_, i) => [Math.sin(3 * i), Math.cos(5 * i)]);
    const detector = createDetector(spec, { gaussianMixture }).fit(normal);
    const restored = detectorFromJSON(JSON.stringify(detector), { gaussianMixture });
    expect(restored.constructor).toBe(detector.constructor);
    expect(anomalyScores(restored, normal)).toEqual(anomalyScores(detector, normal));
  },
);
