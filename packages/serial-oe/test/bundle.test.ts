import { parseSafetensors } from '@serial-oe/safetensors';
import { readBundleFiles } from '../src/model/read-bundle';
import { bundleFilesOf, MANIFEST_FILE, toBundleFiles, WEIGHTS_FILE } from '../src/model/write-bundle';
import { embeddingsOf, madeUpParts } from './support/made-up-parts';

const parts = madeUpParts();
let files: Map<string, Uint8Array>;
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const manifestOf = (bundle: ReadonlyMap<string, Uint8Array>) => JSON.parse(text(bundle.get(MANIFEST_FILE)));

beforeAll(async () => {
  files = await toBundleFiles(parts);
});

describe('a bundle', () => {
  it('reads back what was written, bit for bit', () => {
    const { manifest, weights, detectors, familiarity } = readBundleFiles(files, 'model');
    expect(weights).toEqual(parts.weights);
    expect(Object.is(weights.get('stem.weight')!.data[1], -0)).toBe(true);
    expect([...detectors.keys()]).toEqual(['00', '02']);
    for (const [id, { mixture, threshold, calibration }] of parts.detectors) {
      const read = detectors.get(id)!;
      expect(read.mixture.toJSON()).toEqual(mixture.toJSON());
      expect(read).toMatchObject({ threshold, calibration });
      const clip = embeddingsOf('another');
      expect(read.mixture.scoreSamples(clip)).toEqual(mixture.scoreSamples(clip));
    }
    expect(familiarity?.toJSON()).toEqual(parts.familiarity?.toJSON());
    expect(manifest.config).toEqual(parts.config);
    expect(manifest.provenance).toEqual(parts.provenance);
  });

  it('holds the mixtures beside the weights, as float64 under the place that they have in the manifest', () => {
    const tensors = parseSafetensors(files.get(WEIGHTS_FILE)!, { keepFloat64: true });
    const { means, covariances } = parts.detectors.get('02')!.mixture.toJSON();
    expect(tensors.get('/detectors/02/detector/means')).toEqual({
      dtype: 'F64',
      shape: [means.length, 8],
      data: Float64Array.from(means.flat()),
    });
    expect(tensors.get('/detectors/02/detector/covariances')!.data).toHaveLength(covariances.flat(2).length);
    expect(manifestOf(files).detectors['02'].detector.means).toEqual({
      $tensor: '/detectors/02/detector/means',
    });
    expect(files.get(MANIFEST_FILE)!.byteLength).toBeLessThan(10_000);
  });

  describe('with weights in float16', () => {
    const half = {
      ...parts,
      weights: new Map([
        [
          'conv.weight',
          { shape: [2, 3], data: Float32Array.of(0.1, -0, 3e-8, 2 ** -24 * 1.5, 65_504, -1 / 3) },
        ],
        ['norm.runningVariance', { shape: [1], data: Float32Array.of(1e-9) }],
      ]),
    };

    it('holds those of more than one dimension in half, and everything else as before', async () => {
      const written = await toBundleFiles(half, { weights: 'float16' });
      const tensors = parseSafetensors(written.get(WEIGHTS_FILE)!, { keepFloat64: true });
      expect(tensors.get('conv.weight')!.dtype).toBe('F16');
      expect(tensors.get('norm.runningVariance')!.dtype).toBe('F32');
      expect(tensors.get('/detectors/02/detector/means')!.dtype).toBe('F64');
      const { weights, weightType, detectors } = readBundleFiles(written, 'model');
      expect(weightType).toBe('float16');
      expect(Array.from(weights.get('conv.weight')!.data)).toEqual([
        ...[0.0999755859375, -0, 2 ** -24, 2 ** -23, 65_504, -0.333251953125],
      ]);
      expect(weights.get('norm.runningVariance')!.data[0]).toBe(Math.fround(1e-9));
      const { mixture } = parts.detectors.get('00')!;
      expect(detectors.get('00')!.mixture.toJSON()).toEqual(mixture.toJSON());
    });

    it('stays so when it is saved again, unless float32 is asked for', async () => {
      const written = await toBundleFiles(half, { weights: 'float16' });
      const { weights, weightType } = readBundleFiles(written, 'model');
      const loaded = { ...half, weights, weightType };
      expect((await toBundleFiles(loaded)).get(WEIGHTS_FILE)).toEqual(written.get(WEIGHTS_FILE));
      const back = readBundleFiles(await toBundleFiles(loaded, { weights: 'float32' }), 'model');
      expect([back.weightType, back.weights.get('conv.weight')]).toEqual([
        'float32',
        weights.get('conv.weight'),
      ]);
    });

    it('refuses a weight that it cannot hold, and another type', async () => {
      await expect(toBundleFiles(parts, { weights: 'float16' })).rejects.toThrow(
        /stem\.weight must fit F16, got 3\.0\d+e\+38 at index 3/,
      );
      await expect(toBundleFiles(parts, { weights: 'int8' as 'float16' })).rejects.toThrow(
        /weights must be one of 'float32', 'float16', got 'int8'/,
      );
    });
  });

  it('keeps machine IDs of any letters, and their order', async () => {
    const machineIds = [
      '10',
      '2',
      'a/b',
      'a~b',
      '__proto__',
      'constructor',
      '泵 1',
      '$tensor',
      'toString',
      '"\\',
    ];
    const odd = madeUpParts({ machineIds });
    const read = readBundleFiles(await toBundleFiles(odd), 'model').detectors;
    expect([...read.keys()]).toEqual(machineIds);
    for (const id of machineIds) {
      expect(read.get(id)!.mixture.toJSON()).toEqual(odd.detectors.get(id)!.mixture.toJSON());
    }
  });

  it('takes long arrays in any field that someone adds', () => {
    const values = Array.from({ length: 300 }, (_, i) => Math.sin(i));
    const rows = [values, values.map((value) => -value)];
    const bundle = bundleFilesOf(
      { ...manifestOf(files), checksums: undefined, extra: { rows, n: 2 } },
      parts.weights,
    );
    expect(manifestOf(bundle).extra).toEqual({ rows: { $tensor: '/extra/rows' }, n: 2 });
    const tensor = parseSafetensors(bundle.get(WEIGHTS_FILE)!, { keepFloat64: true }).get('/extra/rows')!;
    expect(tensor.shape).toEqual([2, 300]);
    expect([...tensor.data]).toEqual(rows.flat());
  });

  it('is the same content in another order, indentation or line ending', () => {
    const reversed = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, each]) => [key, reversed(each)]),
          );
    for (const copy of [
      JSON.stringify(manifestOf(files)),
      JSON.stringify(manifestOf(files), null, 4),
      text(files.get(MANIFEST_FILE)).replaceAll('\n', '\r\n'),
      JSON.stringify(reversed(manifestOf(files))),
    ]) {
      const bundle = new Map([...files, [MANIFEST_FILE, new TextEncoder().encode(copy)]]);
      expect(readBundleFiles(bundle, 'model').detectors.size).toBe(2);
    }
  });
});
