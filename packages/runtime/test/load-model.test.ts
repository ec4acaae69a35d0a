import { zipSync } from 'fflate';
import {
  BundleError,
  createBrowserPlatform,
  createEnsemble,
  Decisions,
  loadModel,
  withDecisions,
} from '../src/contract';
import { bytes, CLIPS, madeUp, platform } from './support/made-up-system';

const [a, b] = [madeUp('a'), madeUp('b', { scale: 2 })];
const ensemble = createEnsemble({ name: 'ensemble', members: [a, b] });
const waveform = Float32Array.of(7);
const asked = { sampleRate: 16000, machineId: '00' };
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  const config = ensemble.resolveConfig(undefined, {});
  const target = { machineType: 'fan' };
  const job = { clips: CLIPS, target, config, checkpoint: null, onProgress: () => {} };
  const trained = await ensemble.train(job, platform);
  const rule = { falseAlarmRate: 0.1 };
  files = await withDecisions(trained, Decisions.fit(trained.normalScores!, rule)).toFiles();
});

describe('a model of any system', () => {
  const zipped = () => zipSync(Object.fromEntries(files));
  const options = { systems: [a, b], platform: createBrowserPlatform() };

  it('is loaded from bytes with its decisions', async () => {
    const scorer = await loadModel(zipped(), options);
    const { severity, threshold } = await scorer.score(waveform, asked);
    expect(severity).toBeGreaterThan(50);
    expect(threshold).toBe(scorer.thresholds?.get('00')?.threshold);
    const without = new Map([...files].filter(([name]) => name !== 'decisions.json'));
    const plain = await loadModel(zipSync(Object.fromEntries(without)), options);
    expect(await plain.score(waveform, asked)).not.toHaveProperty('severity');
  });

  it('is loaded from addresses of a folder and of a file', async () => {
    const served = new Map([...files].map(([name, content]) => [`https://plant/fan/${name}`, content]));
    served.set('https://plant/fan.serialoe', zipped());
    const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
      const content = served.get(String(url));
      return new Response(content === undefined ? null : (content as BodyInit), {
        status: content === undefined ? 404 : 200,
      });
    });
    const expected = await (await loadModel(zipped(), options)).score(waveform, asked);
    for (const source of ['https://plant/fan', 'https://plant/fan/', 'https://plant/fan.serialoe']) {
      expect(await (await loadModel(source, options)).score(waveform, asked)).toEqual(expected);
    }
    await expect(loadModel('https://plant/pump', options)).rejects.toThrow(
      /plant\/pump\/model\.json must be served/,
    );
    fetch.mockRestore();
  });

  it.each<[string, () => Uint8Array, object, RegExp]>([
    [
      'a system that is not among those',
      zipped,
      { systems: [a] },
      /must be of one of the systems a, got "b"/,
    ],
    ['a misspelt option', zipped, { system: [a] }, /systems/],
    [
      'no model',
      () => zipSync({ 'a.txt': bytes('a') }),
      {},
      /must hold a model, which has ensemble\.json or/,
    ],
    ['no zip', () => bytes('hello'), {}, /must be a model's folder or zip file, got 5 bytes/],
  ])('refuses %s', async (_, source, changes, message) => {
    const error: unknown = await loadModel(source(), { ...options, ...changes }).catch((caught) => caught);
    expect((error as Error).message).toMatch(message);
    if (!('system' in changes)) expect(error).toBeInstanceOf(BundleError);
  });
});
