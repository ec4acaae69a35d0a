import { seededRandom, sha256 } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { mutateJson } from '@serial-oe/tooling/test-support/mutate-json';
import { BundleError, createEnsemble, ENSEMBLE_FILE } from '../src';
import { bytes, CLIPS, madeUp, platform, text } from './support/made-up-system';

const pair = createEnsemble({ name: 'both', members: [madeUp('plain'), madeUp('reversed', { scale: -2 })] });
const isExpected = (error: unknown): error is BundleError => error instanceof BundleError;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  const config = pair.resolveConfig(undefined, {});
  const job = { clips: CLIPS, target: { machineType: 'fan' }, config, checkpoint: null };
  files = await (await pair.train({ ...job, onProgress: () => {} }, platform)).toFiles();
});

it.each([ENSEMBLE_FILE, 'model.json', 'reversed.model.json'])(
  'refuses 10,000 damaged files %s by name',
  async (name) => {
    const { nRead, nRefused } = await fuzzReader({
      samples: [files.get(name)!],
      read: (damaged) => pair.load(new Map([...files, [name, damaged]]), platform),
      isExpected: (error) => isExpected(error) && error.message.includes(name),
      random: seededRandom(1, name),
    });
    expect(nRead).toBeLessThan(500); // more or less white space says the same
    expect(nRefused).toBeGreaterThan(9000);
  },
);

it('reads or refuses 10,000 ensembles of another content under a right checksum', async () => {
  const random = seededRandom(1, 'ensembles');
  const { content } = JSON.parse(text(files.get(ENSEMBLE_FILE)));
  let [nRead, nRefused] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    const changed = mutateJson(content, random);
    const json = JSON.stringify({ content: changed, checksum: sha256(bytes(JSON.stringify(changed) ?? '')) });
    try {
      const loaded = await pair.load(new Map([...files, [ENSEMBLE_FILE, bytes(json)]]), platform);
      const machineId = loaded.machineIds[0]!;
      const { anomalyScore } = await loaded.score(Float32Array.of(3), { sampleRate: 16000, machineId });
      if (!Number.isFinite(anomalyScore)) throw new Error(`a score of ${anomalyScore}`);
      nRead++;
    } catch (error) {
      if (!isExpected(error))
        throw new Error(`content ${i}: ${error}: ${json.slice(0, 4000)}`, { cause: error });
      nRefused++;
    }
  }
  expect(nRead).toBeGreaterThan(100);
  expect(nRefused).toBeGreaterThan(1000);
});
