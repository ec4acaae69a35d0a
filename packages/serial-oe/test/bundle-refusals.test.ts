import { type FloatArray, sha256 } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import { parseSafetensors, serializeSafetensors, type WeightArray } from '@serial-oe/safetensors';
import { readBundleFiles } from '../src/model/read-bundle';
import { bundleFilesOf, MANIFEST_FILE, toBundleFiles, WEIGHTS_FILE } from '../src/model/write-bundle';
import { type Json, madeUpParts, withManifest } from './support/made-up-parts';

let files: Map<string, Uint8Array>;

beforeAll(async () => {
  files = await toBundleFiles(madeUpParts());
});

/** The BundleError that reading ends in. */
function errorOf(bundle: ReadonlyMap<string, Uint8Array>): BundleError {
  try {
    readBundleFiles(bundle, 'model');
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
  throw new Error('the bundle was read');
}

type Detectors = Record<string, { detector: Json; threshold: number; calibration: Json; unit: string }>;
const detectorsOf = (manifest: Json) => manifest.detectors as Detectors;
const config = (manifest: Json) => manifest.config as Record<string, Json>;

describe('a manifest that was altered after saving is refused as such', () => {
  it.each<[string, (manifest: Json) => void]>([
    [
      'a raised threshold',
      (m) => {
        detectorsOf(m)['00']!.threshold += 1;
      },
    ],
    [
      'the last bit of a threshold',
      (m) => {
        detectorsOf(m)['00']!.threshold *= 1 + 2 ** -52;
      },
    ],
    [
      'swapped detectors',
      (m) => {
        m.detectors = { '00': detectorsOf(m)['02'], '02': detectorsOf(m)['00'] };
      },
    ],
    [
      'swapped thresholds',
      (m) => {
        const [a, b] = [detectorsOf(m)['00']!, detectorsOf(m)['02']!];
        [a.threshold, b.threshold] = [b.threshold, a.threshold];
      },
    ],
    [
      'a renamed machine',
      (m) => {
        m.machineIds = ['00', '04'];
        m.detectors = { '00': detectorsOf(m)['00'], '04': detectorsOf(m)['02'] };
      },
    ],
    [
      'another order of machines',
      (m) => {
        m.machineIds = ['02', '00'];
      },
    ],
    [
      'a machine left out',
      (m) => {
        m.machineIds = ['00'];
        m.detectors = { '00': detectorsOf(m)['00'] };
      },
    ],
    [
      'another amplitude',
      (m) => {
        m.amplitude = { mean: 0, std: 1 };
      },
    ],
    [
      'another aggregation',
      (m) => {
        config(m).decision!.aggregation = 'max';
      },
    ],
    [
      'another front end',
      (m) => {
        config(m).frontEnd!.power = 2;
      },
    ],
    [
      'another seed',
      (m) => {
        m.config = { ...config(m), seed: 1 };
      },
    ],
    [
      'another machine type',
      (m) => {
        m.machineType = 'pump';
      },
    ],
    [
      'another head',
      (m) => {
        m.nHeadOutputs = 5;
      },
    ],
    [
      'another provenance',
      (m) => {
        (m.provenance as Json).dataset = 'elsewhere';
      },
    ],
    [
      'a field more',
      (m) => {
        m.note = 'mine';
      },
    ],
    [
      'another checksum of the weights',
      (m) => {
        (m.checksums as Json)[WEIGHTS_FILE] = '0';
      },
    ],
    [
      'no checksum of its own',
      (m) => {
        delete (m.checksums as Json)[MANIFEST_FILE];
      },
    ],
  ])('%s', (_, change) => {
    const error = errorOf(withManifest(files, change));
    expect(error.problem).toBe('checksum');
    expect(error.message).toMatch(
      /manifest\.json of model must have the checksum .* altered after the model was saved/,
    );
  });

  it('and so are weights', () => {
    const weights = files.get(WEIGHTS_FILE)!.slice();
    weights[weights.length - 3]! ^= 1;
    const error = errorOf(new Map([...files, [WEIGHTS_FILE, weights]]));
    expect(error.problem).toBe('checksum');
    expect(error.message).toContain('weights.safetensors of model');
  });

  it('and the weights of another model', async () => {
    const other = await toBundleFiles(madeUpParts({ machineIds: ['00', '04'] }));
    const error = errorOf(new Map([...files, [WEIGHTS_FILE, other.get(WEIGHTS_FILE)!]]));
    expect(error.problem).toBe('checksum');
  });
});

describe('a manifest that no model writes is a BundleError, checksum or not', () => {
  it.each<[string, (manifest: Json) => unknown, RegExp]>([
    [
      'a batch that is a number',
      (m) => {
        config(m).batch = 3 as never;
      },
      /config.batch must be an object, got 3/,
    ],
    [
      'no configuration',
      (m) => {
        m.config = null;
      },
      /config must be an object, got null/,
    ],
    ['a list', () => [], /must be a JSON object/],
    ['null', () => 'null', /must be a JSON object/],
    [
      'the unit of clips for a mixture of chunks',
      (m) => {
        detectorsOf(m)['02']!.unit = 'clip';
      },
      /detector of 02 in manifest\.json .* its unit must be 'chunk' for the kind 'gaussianMixture'/,
    ],
    [
      'a unit that there is not',
      (m) => {
        detectorsOf(m)['02']!.unit = 'frame';
      },
      /the unit of 02 must be 'chunk' or 'clip', got 'frame'/,
    ],
    [
      'a familiarity of text',
      (m) => {
        m.familiarity = 'far';
      },
      /(familiarity in manifest\.json|the tensor \/familiarity)/,
    ],
    [
      'a familiarity that was left out',
      (m) => {
        delete m.familiarity;
      },
      /(familiarity in manifest\.json|the tensor \/familiarity)/,
    ],
    [
      'a familiarity whose unit is negative',
      (m) => {
        (m.familiarity as Json).farthest = -1;
      },
      /farthest must be a finite number above 0, got -1/,
    ],
    [
      'a null detector',
      (m) => {
        m.detectors = { '00': null, '02': null };
      },
      /detector of 00 must be an object, got null/,
    ],
    [
      'a detector of nothing',
      (m) => {
        detectorsOf(m)['00']!.detector = null as never;
      },
      /detector of 00 must be what/,
    ],
    [
      'no detectors',
      (m) => {
        m.detectors = {};
        m.machineIds = [];
      },
      /detectors must hold at least one/,
    ],
    [
      'detectors in a list',
      (m) => {
        m.detectors = Object.values(detectorsOf(m));
      },
      /detectors must hold at least one/,
    ],
    [
      'a threshold of text',
      (m) => {
        detectorsOf(m)['02']!.threshold = '1' as never;
      },
      /threshold of 02 must be finite, got '1'/,
    ],
    [
      'no threshold',
      (m) => {
        detectorsOf(m)['02']!.threshold = null as never;
      },
      /threshold of 02 must be finite, got null/,
    ],
    [
      'no calibration',
      (m) => {
        detectorsOf(m)['02']!.calibration = null as never;
      },
      /calibration of 02 must hold/,
    ],
    [
      'IDs without a detector',
      (m) => {
        m.machineIds = ['00', '02', '04'];
      },
      /machineIds must name the detectors/,
    ],
    [
      'one ID twice',
      (m) => {
        m.machineIds = ['00', '00'];
      },
      /machineIds must name the detectors/,
    ],
    [
      'no amplitude',
      (m) => {
        m.amplitude = null;
      },
      /amplitude must hold a mean and a positive std/,
    ],
    [
      'no checksums',
      (m) => {
        m.checksums = null;
      },
      /checksums must hold those of the files/,
    ],
    [
      'no provenance',
      (m) => {
        m.provenance = null;
      },
      /provenance must hold heldOutClips and history/,
    ],
    [
      'a provenance of half',
      (m) => {
        (m.provenance as Json).trainedAt = 5;
      },
      /provenance.trainedAt must be text/,
    ],
    [
      'an epoch that was not',
      (m) => {
        (m.provenance as Json).selectedEpoch = 9;
      },
      /selectedEpoch must be one of/,
    ],
    [
      'a detector of another kind',
      (m) => {
        detectorsOf(m)['00']!.detector.kind = 'oracle';
      },
      /detector of 00 .*kind must be one of/,
    ],
    [
      'a mixture of another version',
      (m) => {
        detectorsOf(m)['00']!.detector.version = 99;
      },
      /detector of 00 .*version must be 1/,
    ],
    [
      'negative weights',
      (m) => {
        detectorsOf(m)['00']!.detector.weights = [-1, 2];
      },
      /detector of 00 .*weights must lie between 0 and 1/,
    ],
    [
      'means that are missing',
      (m) => {
        detectorsOf(m)['00']!.detector.means = null;
      },
      /tensor \/detectors\/00\/detector\/means must have its place/,
    ],
    [
      'means of another machine',
      (m) => {
        detectorsOf(m)['00']!.detector.means = { $tensor: '/detectors/02/detector/means' };
      },
      /must name its place/,
    ],
    [
      'a tensor that is not there',
      (m) => {
        m.extra = { $tensor: '/extra' };
      },
      /tensor \/extra must be there/,
    ],
    [
      'an embedding of another size',
      (m) => {
        config(m).network!.embeddingSize = 16;
      },
      /detector of 00 .* must take embeddings of 16 values/,
    ],
    [
      'depth',
      (m) => {
        m.extra = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
      },
      /nested deeper than 32/,
    ],
  ])('%s', (_, change, message) => {
    const error = errorOf(withManifest(files, change, { isSigned: true }));
    expect(error.message).toMatch(message);
    expect(['manifest', 'weights']).toContain(error.problem);
  });

  it('as are a format of another version, of something else, and what is no JSON', () => {
    expect(
      errorOf(
        withManifest(files, (m) => {
          m.formatVersion = 2;
        }),
      ).message,
    ).toMatch(/must have the format version 3, got 2\. Load it with the version/);
    expect(
      errorOf(
        withManifest(files, (m) => {
          m.format = 'x'.repeat(3);
        }),
      ).problem,
    ).toBe('format');
    const page = new Map([...files, [MANIFEST_FILE, new TextEncoder().encode('<!DOCTYPE html><html>')]]);
    expect(errorOf(page).message).toMatch(
      /must be a JSON object, got text that is none and starts "<!DOCTYPE html>/,
    );
    expect(errorOf(new Map()).problem).toBe('missing');
  });

  it('as are long arrays of another type or shape', () => {
    const manifest = JSON.parse(new TextDecoder().decode(files.get(MANIFEST_FILE)));
    const { [MANIFEST_FILE]: _, ...checksums } = manifest.checksums;
    const stored = parseSafetensors(files.get(WEIGHTS_FILE)!, { keepFloat64: true });
    const name = '/detectors/00/detector/means';
    const means = stored.get(name)!;
    for (const [replaced, message] of [
      [{ shape: means.shape, data: Float32Array.from(means.data) }, /must be of dtype F64/],
      [{ shape: [means.data.length], data: means.data }, /json.means must be nested arrays/],
      [{ shape: [0], data: new Float64Array(0) }, /must have 1 to 8 axes and values/],
      [
        { ...means, data: means.data.map((value, i) => (i === 3 ? Number.NaN : value)) },
        /must hold finite numbers, got NaN/,
      ],
    ] satisfies [WeightArray<FloatArray>, RegExp][]) {
      const weights = serializeSafetensors(
        new Map<string, WeightArray<FloatArray>>([...stored, [name, replaced]]),
      );
      const bundle = bundleFilesOf({ ...manifest, checksums }, new Map());
      const bad = withManifest(
        new Map([...bundle, [WEIGHTS_FILE, weights]]),
        (manifest) => {
          manifest.checksums = { [WEIGHTS_FILE]: sha256(weights) };
        },
        { isSigned: true },
      );
      expect(errorOf(bad).message).toMatch(message);
    }
  });
});
