import fc from 'fast-check';
import {
  createDetector,
  DensityNormalizedNeighbors,
  type DetectorJSON,
  type DetectorSpec,
  detectorFromJSON,
  KernelDensity,
  KNearestNeighbors,
  LocalOutlierFactor,
  MahalanobisDistance,
  type MixtureMaker,
  NotFittedError,
  OneClassSvm,
  type OutlierDetector,
} from '../src/index';
import { flatMatrix, goldenData } from './fixtures';

const { train, test } = goldenData('low');

const SPECS: Exclude<DetectorSpec, { kind: 'gaussianMixture' }>[] = [
  { kind: 'kNearestNeighbors' },
  { kind: 'kNearestNeighbors', nNeighbors: 3, aggregation: 'max' },
  { kind: 'densityNormalizedNeighbors' },
  { kind: 'densityNormalizedNeighbors', nNeighbors: 100 }, // more than there are rows
  { kind: 'localOutlierFactor' },
  { kind: 'localOutlierFactor', nNeighbors: 100 }, // more than there are rows
  { kind: 'kernelDensity', bandwidth: 'scott' },
  { kind: 'kernelDensity', bandwidth: 0.3 },
  { kind: 'mahalanobisDistance' },
  { kind: 'mahalanobisDistance', shrinkage: 'ledoitWolf' },
  { kind: 'oneClassSvm' },
  { kind: 'oneClassSvm', nu: 0.1, gamma: 'auto', maxIter: 7 },
  { kind: 'oneClassSvm', kernel: 'linear' },
];

const CLASSES = {
  kNearestNeighbors: KNearestNeighbors,
  densityNormalizedNeighbors: DensityNormalizedNeighbors,
  localOutlierFactor: LocalOutlierFactor,
  kernelDensity: KernelDensity,
  mahalanobisDistance: MahalanobisDistance,
  oneClassSvm: OneClassSvm,
};

describe.each(SPECS)('%j', (spec) => {
  const detector = createDetector(spec).fit(train);
  const Detector = CLASSES[spec.kind];
  const where = `detectors.${spec.kind.charAt(0).toUpperCase()}${spec.kind.slice(1)}`;
  const json = detector.toJSON() as DetectorJSON & Record<string, unknown>;

  it('is made of the class that its kind names', () => {
    expect(detector).toBeInstanceOf(Detector);
    const { kind, ...options } = spec;
    expect(json).toMatchObject({ kind, version: 1, ...options });
  });

  it('scores bit for bit the same after a way through text', () => {
    const text = JSON.stringify(detector);
    expect(text).not.toMatch(/null(?!,"rows)|NaN/);
    const expected = detector.scoreSamples(test);
    for (const restored of [
      detectorFromJSON(text),
      detectorFromJSON(JSON.parse(text) as DetectorJSON),
      Detector.fromJSON(text),
    ]) {
      expect(restored).toBeInstanceOf(Detector);
      const scores = restored.scoreSamples(test);
      expect(scores.every((score, i) => Object.is(score, expected[i]))).toBe(true);
      expect(JSON.stringify(restored)).toBe(text);
    }
  });

  it('can be fitted anew, with its options', () => {
    const rows = train.slice(0, 40);
    const refitted = detectorFromJSON(json).fit(rows);
    expect(refitted.toJSON()).toEqual(createDetector(spec).fit(rows).toJSON());
  });

  it('keeps nothing of the JSON that it came from', () => {
    const source = JSON.parse(JSON.stringify(json)) as typeof json;
    const restored = detectorFromJSON(source);
    for (const value of Object.values(source)) if (Array.isArray(value)) value.fill(9);
    expect(restored.scoreSamples(test)).toEqual(detector.scoreSamples(test));
  });

  it('must be fitted before', () => {
    expect(() => createDetector(spec).toJSON()).toThrow(NotFittedError);
    expect(() => createDetector(spec).toJSON()).toThrow(`${where}.toJSON: the model must be fitted`);
  });

  it('refuses another kind, another version and what is no JSON', () => {
    const read = (source: unknown) => () => Detector.fromJSON(source as string);
    const other = spec.kind === 'kernelDensity' ? 'oneClassSvm' : 'kernelDensity';
    expect(read({ ...json, kind: other })).toThrow(
      new TypeError(
        `${where}.fromJSON: json.kind must be '${spec.kind}', got '${other}'. Give what toJSON made.`,
      ),
    );
    expect(read({ ...json, version: 2 })).toThrow(
      new RangeError(`${where}.fromJSON: json.version must be 1, got 2. Use the release that wrote it.`),
    );
    expect(read('{')).toThrow(`${where}.fromJSON: json must be JSON`);
    expect(read(null)).toThrow(`${where}.fromJSON: json must be an object`);
  });

  it.each(Object.keys(json).filter((name) => name !== 'kind' && name !== 'version'))(
    'refuses a wrong %s by its name',
    (name) => {
      const wrong = [undefined, 'nonsense', Number.NaN, -1, {}, [], [null], [['1']]];
      const isUnused = name === 'usedGamma' && json.usedGamma === null; // the kernel 'linear' has none
      const isRight = (value: unknown) => isUnused || (name === 'offset' && value === -1);
      for (const value of wrong.filter((each) => !isRight(each))) {
        const read = () => detectorFromJSON({ ...json, [name]: value } as DetectorJSON);
        expect(read).toThrow(`${where}.fromJSON: json.${name}`);
      }
    },
  );

  it('gives no NaN, whatever number stands in it', () => {
    const numbers = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e-300, 1e300, -1e60, 1e60));
    const places = Object.entries(json).flatMap(([name, value]): [string, ...number[]][] => {
      if (!Array.isArray(value)) return typeof value === 'number' && name !== 'version' ? [[name]] : [];
      return Array.isArray(value[0])
        ? [
            [name, 0, 0],
            [name, 1, 1],
          ]
        : [[name, 0]];
    });
    fc.assert(
      fc.property(fc.constantFrom(...places), numbers, ([name, ...path], number) => {
        const source = JSON.parse(JSON.stringify(json)) as Record<string, never>;
        let holder: Record<string | number, never> = source;
        const keys = [name, ...path];
        for (const key of keys.slice(0, -1)) holder = holder[key]!;
        holder[keys.at(-1)!] = number as never;
        let restored: OutlierDetector;
        try {
          restored = detectorFromJSON(source as unknown as DetectorJSON);
        } catch (error) {
          expect((error as Error).message).toContain(`${where}.fromJSON: json.`);
          return;
        }
        expect(restored.scoreSamples(test).some(Number.isNaN)).toBe(false);
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

describe('MahalanobisDistance.fromJSON', () => {
  const json = new MahalanobisDistance().fit(train).toJSON();

  it('refuses a factor that is not lower triangular or not of the size of the mean', () => {
    const covarianceCholesky = json.covarianceCholesky.map((row) => [...row]);
    covarianceCholesky[0]![2] = 1;
    expect(() => MahalanobisDistance.fromJSON({ ...json, covarianceCholesky })).toThrow(
      'json.covarianceCholesky must be lower triangular, got 1 at [0][2].',
    );
    expect(() => MahalanobisDistance.fromJSON({ ...json, mean: [0, 0] })).toThrow(
      'json.covarianceCholesky must be nested arrays of shape [2, 2], got an array of 3 where 2 belong.',
    );
  });
});

it('DensityNormalizedNeighbors.fromJSON wants a distance above 0 of each row', () => {
  const json = new DensityNormalizedNeighbors().fit(train).toJSON();
  const read = (localDistances: number[]) => () =>
    DensityNormalizedNeighbors.fromJSON({ ...json, localDistances });
  expect(read(json.localDistances.slice(1))).toThrow('got an array of 59 where 60 belong');
  expect(read([0, ...json.localDistances.slice(1)])).toThrow(
    'json.localDistances[0] must be a finite number above 0, got 0',
  );
});

it('LocalOutlierFactor.fromJSON wants a density of each row', () => {
  const json = new LocalOutlierFactor().fit(train).toJSON();
  expect(() => LocalOutlierFactor.fromJSON({ ...json, densities: json.densities.slice(1) })).toThrow(
    'json.densities must be nested arrays of shape [60], got an array of 59 where 60 belong.',
  );
});

describe('createDetector', () => {
  it('refuses unknown kinds and unknown options by name', () => {
    expect(() => createDetector({ kind: 'isolationForest' } as never)).toThrow(
      new TypeError(
        "detectors.createDetector: spec.kind must be one of 'gaussianMixture', 'kNearestNeighbors', " +
          "'densityNormalizedNeighbors', 'localOutlierFactor', 'oneClassSvm', 'kernelDensity', 'mahalanobisDistance', got 'isolationForest'.",
      ),
    );
    expect(() => createDetector({ kind: 'toString' } as never)).toThrow(TypeError);
    expect(() => createDetector(null as never)).toThrow('spec must be an object, got null.');
    expect(() => createDetector({ kind: 'oneClassSvm', nus: 0.5 } as never)).toThrow(
      "detectors.OneClassSvm: unknown option 'nus'. Did you mean 'nu'?",
    );
    expect(() => createDetector({ kind: 'oneClassSvm' }, { mixture: 1 } as never)).toThrow(
      "detectors.createDetector: unknown option 'mixture'.",
    );
    expect(() => detectorFromJSON({ kind: 'isolationForest', version: 1 })).toThrow(
      'detectors.detectorFromJSON: json.kind must be one of',
    );
    expect(() => detectorFromJSON('[]')).toThrow('detectors.detectorFromJSON: json must be an object');
  });

  it('leaves mixtures to their maker, and asks for it', () => {
    const mixture = new KNearestNeighbors().fit(flatMatrix(train)); // stands in: any detector will do
    const calls: unknown[] = [];
    const gaussianMixture: MixtureMaker = {
      create: (spec) => {
        calls.push(spec);
        return mixture;
      },
      fromJSON: (json) => {
        calls.push(json);
        return mixture;
      },
    };
    const spec = { kind: 'gaussianMixture', nComponents: 2 } as const;
    const json = { kind: 'gaussianMixture', version: 1 };
    expect(createDetector(spec, { gaussianMixture })).toBe(mixture);
    expect(detectorFromJSON(json, { gaussianMixture })).toBe(mixture);
    expect(detectorFromJSON(JSON.stringify(json), { gaussianMixture })).toBe(mixture);
    expect(calls).toEqual([spec, json, json]);
    expect(() => createDetector(spec)).toThrow(
      "detectors.createDetector: gaussianMixture must be given for the kind 'gaussianMixture', got undefined.",
    );
    expect(() => detectorFromJSON(json)).toThrow('detectors.detectorFromJSON: gaussianMixture must be given');
  });
});
