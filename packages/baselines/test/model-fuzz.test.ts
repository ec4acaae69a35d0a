import type { Clip } from '@serial-oe/datasets';
import { seededRandom, sha256 } from '@serial-oe/foundation';
import { type AsdSystem, BundleError, type Platform } from '@serial-oe/runtime/contract';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { mutateJson } from '@serial-oe/tooling/test-support/mutate-json';
import { level, MODEL_FILE, melStatistics, modulationStatistics, twfrGmm } from '../src/index';

const RATE = 16_000;
const bytes = (text: string) => new TextEncoder().encode(text);
const isExpected = (error: unknown): error is BundleError => error instanceof BundleError;

/** Half a second of noise, louder from clip to clip. */
const clip = (i: number): Clip => {
  const random = seededRandom(0, `clip ${i}`);
  const waveform = Float32Array.from({ length: RATE / 2 }, () => (0.1 + 0.01 * i) * (random() - 0.5));
  const place = { path: `${i}.wav`, machineType: 'fan', machineId: i % 2 === 0 ? '00' : '02' } as const;
  return { ...place, label: 'normal', split: 'train', waveform, sampleRate: RATE };
};
const CLIPS = Array.from({ length: 8 }, (_, i) => clip(i));
const platform = {
  loadClip: async ({ waveform, sampleRate }: Clip) => ({ waveform: waveform!, sampleRate: sampleRate! }),
} as unknown as Platform;

/** A model in few numbers, so that each of them is damaged now and then. */
async function modelOf(system: AsdSystem): Promise<Uint8Array> {
  const config = system.resolveConfig(undefined, { frontEnd: { nMels: 4, nFft: 256, hopLength: 256 } });
  const job = { clips: CLIPS, target: { machineType: 'fan' }, config, checkpoint: null };
  const scorer = await system.train({ ...job, onProgress: () => {} }, platform);
  return (await scorer.toFiles()).get(MODEL_FILE)!;
}

const load = (system: AsdSystem, model: Uint8Array) => system.load(new Map([[MODEL_FILE, model]]), platform);

describe.each(
  [melStatistics, modulationStatistics, twfrGmm, level].map(
    (system: AsdSystem) => [system.name, system] as const,
  ),
)('a model of %s', (name, system) => {
  it('is refused by name where its file is damaged', async () => {
    const { nRead, nRefused } = await fuzzReader({
      samples: [await modelOf(system)],
      read: (damaged) => load(system, damaged),
      isExpected: (error) => isExpected(error) && error.message.includes(MODEL_FILE),
      random: seededRandom(1, name),
      nInputs: 3000,
    });
    expect(nRead).toBeLessThan(150);
    expect(nRefused).toBeGreaterThan(2500);
  });

  it('scores, or is refused, where its content is another under a right checksum', async () => {
    const random = seededRandom(1, name);
    const { content } = JSON.parse(new TextDecoder().decode(await modelOf(system)));
    let [nRead, nRefused] = [0, 0];
    for (let i = 0; i < 2000; i++) {
      const changed = mutateJson(content, random);
      const checksum = sha256(bytes(JSON.stringify(changed) ?? ''));
      const json = JSON.stringify({ content: changed, checksum });
      try {
        const loaded = await load(system, bytes(json));
        const machineId = loaded.machineIds[0]!;
        await loaded.score(CLIPS[0]!.waveform!, { sampleRate: RATE, machineId });
        nRead++;
      } catch (error) {
        if (!isExpected(error)) throw new Error(`content ${i}: ${json.slice(0, 4000)}`, { cause: error });
        nRefused++;
      }
    }
    expect(nRead).toBeGreaterThan(20);
    expect(nRefused).toBeGreaterThan(200);
  });
});
