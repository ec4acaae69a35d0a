import { seededRandom } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { mutateJson } from '@serial-oe/tooling/test-support/mutate-json';
import { zipSync } from 'fflate';
import { unzipBundle } from '../src/model/bundle-files';
import { readBundleFiles } from '../src/model/read-bundle';
import { MANIFEST_FILE, toBundleFiles, WEIGHTS_FILE } from '../src/model/write-bundle';
import { madeUpParts, withManifest } from './support/made-up-parts';

const isExpected = (error: unknown): error is BundleError => error instanceof BundleError;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  files = await toBundleFiles(madeUpParts());
});

it('reads or refuses 10,000 damaged zips, within bounded memory', async () => {
  const bundle = Object.fromEntries(files);
  const inFolder = Object.fromEntries([...files].map(([name, bytes]) => [`model/${name}`, bytes]));
  const before = process.memoryUsage().rss;
  let most = 0;
  const { nRead, nRefused } = await fuzzReader({
    samples: [
      zipSync(bundle),
      zipSync(inFolder, { level: 0 }),
      zipSync({ ...bundle, note: Uint8Array.of(1) }),
    ],
    read: (bytes) => {
      const unzipped = unzipBundle(bytes, 'the zip');
      most = Math.max(most, ...[...unzipped.values()].map(({ length }) => length));
      return readBundleFiles(unzipped, 'the zip');
    },
    isExpected,
    random: seededRandom(1, 'zips'),
  });
  expect(nRead).toBeGreaterThan(100);
  expect(nRefused).toBeGreaterThan(1000);
  expect(most).toBeLessThan(2 ** 24);
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29);
});

it.each([MANIFEST_FILE, WEIGHTS_FILE])('refuses 10,000 damaged files %s by name', async (name) => {
  const { nRead, nRefused } = await fuzzReader({
    samples: [files.get(name)!],
    read: (bytes) => readBundleFiles(new Map([...files, [name, bytes]]), 'the model'),
    isExpected: (error) =>
      isExpected(error) && (['format', 'version'].includes(error.problem) || error.message.includes(name)),
    random: seededRandom(1, name),
  });
  expect(nRead).toBeLessThan(500); // a manifest with more or less white space says the same
  expect(nRefused).toBeGreaterThan(9000);
});

it('reads or refuses 10,000 manifests of another content under a right checksum', () => {
  const random = seededRandom(1, 'manifests');
  let [nRead, nRefused] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    const bundle = withManifest(files, (manifest) => mutateJson(manifest, random), { isSigned: true });
    try {
      readBundleFiles(bundle, 'the model');
      nRead++;
    } catch (error) {
      const text = new TextDecoder().decode(bundle.get(MANIFEST_FILE));
      if (!isExpected(error)) throw new Error(`manifest ${i}: ${text.slice(0, 4000)}`, { cause: error });
      nRefused++;
    }
  }
  expect(nRead).toBeGreaterThan(100);
  expect(nRefused).toBeGreaterThan(1000);
});
