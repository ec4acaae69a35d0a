import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clip } from '@serial-oe/datasets';
import { sha256 } from '@serial-oe/foundation';
import { BundleError, type ClipScorer, type Target, TrainingInterruptedError } from '@serial-oe/runtime';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import { parseSafetensors, serializeSafetensors, type WeightArray } from '@serial-oe/safetensors';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { MODEL_FILE } from '../src/index';
import { WEIGHTS_FILE } from '../src/network-system/network-files';
import { sealModel } from '../src/shared/sealed-model';
import { SMALL_SYSTEMS } from './support/small-systems';
import { clip, normals, platform, RATE } from './support/sounds';
import { trainSystem } from './support/train-system';

const clips: readonly Clip[] = [
  ...normals(6),
  ...normals(6, { machineId: '02' }),
  ...normals(4, { machineType: 'pump' }),
];

/** All that a model's files hold, but for what the backend held meanwhile. */
async function contentOf(scorer: ClipScorer): Promise<{ content: object; weights: string }> {
  const files = await scorer.toFiles();
  const { content } = JSON.parse(new TextDecoder().decode(files.get(MODEL_FILE)));
  for (const epoch of content.provenance.history) {
    for (const memoryFact of ['nTensors', 'tensorBytes', 'heapBytes', 'rssBytes']) delete epoch[memoryFact];
  }
  return { content, weights: sha256(files.get(WEIGHTS_FILE)!) };
}

describe.each(SMALL_SYSTEMS.map((each) => [each.system.name, each] as const))(
  '%s',
  (name, { system, overrides }) => {
    const target: Target = { machineType: 'fan', ...(system.scope === 'machineId' && { machineId: '00' }) };
    const train = (some: readonly Clip[] = clips, more: object = {}) =>
      trainSystem(system, some, { target, overrides, ...more });
    const sound = clip('fresh').waveform!;
    const score = { sampleRate: RATE, machineId: '00' };

    let trained: Awaited<ReturnType<typeof train>>;
    let files: Map<string, Uint8Array>;
    let nTensors: number;

    beforeAll(async () => {
      await setBackend('wasm');
      nTensors = memory().numTensors;
      trained = await train();
      files = await trained.scorer.toFiles();
    });
    afterAll(() => {
      trained.scorer.dispose();
      expect(memory().numTensors).toBe(nTensors);
    });

    it('trains the same twice, whatever the order of the clips, saves and loads, and leaves no tensor', async () => {
      const { scorer, events } = trained;
      const { scorer: again } = await train([...clips].reverse());
      expect(await contentOf(again)).toEqual(await contentOf(scorer));
      again.dispose();
      const loaded = await system.load(files, platform);
      const verdict = await scorer.score(sound, score);
      expect(await loaded.score(sound, score)).toEqual(verdict);
      expect(Number.isFinite(verdict.anomalyScore)).toBe(true);
      expect(verdict.isAnomaly).toBe(verdict.anomalyScore > verdict.threshold);
      expect(verdict.anomalyScore).toBeCloseTo(
        verdict.chunkScores.reduce((sum, each) => sum + each, 0) / verdict.chunkScores.length,
        9,
      );
      expect(await contentOf(loaded)).toEqual(await contentOf(scorer));
      const { machineIds, thresholds, normalScores = [], provenance = {}, trainingLevel } = scorer;
      expect(machineIds).toContain('00');
      expect([...thresholds!.keys()]).toEqual(machineIds);
      expect(new Set(normalScores.map(({ machineId }) => machineId))).toEqual(new Set(machineIds));
      expect(trainingLevel).toBeGreaterThan(0);
      const job = {
        clips,
        target,
        config: system.resolveConfig(undefined, overrides),
        checkpoint: null,
        onProgress() {},
      };
      expect(provenance.fingerprint).toBe(await system.fingerprint!(job, platform));
      const nSteps = events.filter(({ kind }) => kind === 'step').length;
      expect(system.countUpdates(job.config, clips, target)).toBe(nSteps);
      if (loaded.embed) {
        const { data, nRows, nCols } = await loaded.embed(sound, { sampleRate: RATE });
        expect(data).toHaveLength(nRows * nCols);
      }
      loaded.dispose();
    });

    it('holds its weights in float16 where asked, and stays so', async () => {
      const { scorer } = trained;
      const halved = await scorer.toFiles({ weights: 'float16' });
      const tensorsOf = (of: Map<string, Uint8Array>) =>
        parseSafetensors(of.get(WEIGHTS_FILE)!, { keepFloat64: true });
      const whole = tensorsOf(files);
      for (const [tensor, { dtype, shape, data }] of tensorsOf(halved)) {
        const isFitted = tensor.startsWith('fitted/');
        expect([tensor, dtype]).toEqual([tensor, isFitted ? 'F64' : shape.length > 1 ? 'F16' : 'F32']);
        const exact = whole.get(tensor)!.data;
        let mostBeyond = Number.NEGATIVE_INFINITY; // half a unit of the last place, of subnormals too
        for (let i = 0; i < data.length; i++) {
          const allowed = 2 ** -11 * Math.abs(exact[i]!) + 2 ** -25;
          mostBeyond = Math.max(mostBeyond, Math.abs(data[i]! - exact[i]!) - allowed);
        }
        expect(mostBeyond).toBeLessThanOrEqual(0);
      }
      const loaded = await system.load(halved, platform);
      const [before, after] = [await scorer.score(sound, score), await loaded.score(sound, score)];
      expect(after.anomalyScore).not.toBe(before.anomalyScore);
      const change = Math.abs(after.anomalyScore - before.anomalyScore);
      expect(change).toBeLessThan(0.05 * Math.max(1, Math.abs(before.anomalyScore)));
      const sumsOf = (of: Map<string, Uint8Array>) => [...of].map(([file, bytes]) => [file, sha256(bytes)]);
      expect(sumsOf(await loaded.toFiles())).toEqual(sumsOf(halved));
      loaded.dispose();
    });

    it('scores held-out clips as it scores any; test clips change nothing', async () => {
      const { scorer } = trained;
      for (const { path, machineId, anomalyScore } of scorer.normalScores!) {
        const own = clips.find((each) => each.path === path)!;
        const verdict = await scorer.score(own.waveform!, { sampleRate: RATE, machineId });
        expect(verdict.anomalyScore).toBe(anomalyScore);
      }
      const test = [clip('t', { split: 'test' }), clip('u', { split: 'test', label: 'anomaly', hertz: 999 })];
      const { scorer: again } = await train([...clips, ...test]);
      expect(await contentOf(again)).toEqual(await contentOf(scorer));
      again.dispose();
    });

    it('goes on from a checkpoint to what the uninterrupted training gives', async () => {
      const folder = mkdtempSync(join(tmpdir(), `serial-oe-${name}-`));
      const disk = createNodePlatform().files;
      const stop = new AbortController();
      const checkpoint = { folder, resume: true };
      const config = system.resolveConfig(undefined, overrides);
      const job = { clips, target, config, checkpoint };
      const before = memory().numTensors;
      const { scorer: whole, events } = trained;
      const nSteps = events.filter(({ kind }) => kind === 'step').length;
      const half = Math.ceil(nSteps / 2);
      const interrupted = system.train(
        {
          ...job,
          signal: stop.signal,
          onProgress: (event) => event.kind === 'step' && event.nDone === half && stop.abort(),
        },
        { ...platform, files: disk },
      );
      await expect(interrupted).rejects.toThrow(TrainingInterruptedError);
      let nResumed = 0;
      const onProgress = (event: { kind: string }) => {
        if (event.kind === 'resumed') nResumed++;
      };
      const resumed = await system.train({ ...job, onProgress }, { ...platform, files: disk });
      expect(nResumed).toBe(1);
      const weights = async (scorer: typeof whole) => (await contentOf(scorer)).weights;
      expect(await weights(resumed)).toEqual(await weights(whole));
      expect(await resumed.score(sound, score)).toEqual(await whole.score(sound, score));
      resumed.dispose();
      expect(memory().numTensors).toBe(before);
      rmSync(folder, { recursive: true });
    });

    it('refuses files that are missing, altered, or of another system', async () => {
      const before = memory().numTensors;
      const load = (changed: Map<string, Uint8Array>) => system.load(changed, platform);
      const without = (file: string) => new Map([...files].filter(([each]) => each !== file));
      for (const file of [MODEL_FILE, WEIGHTS_FILE]) {
        await expect(load(without(file))).rejects.toThrow(BundleError);
        await expect(load(without(file))).rejects.toThrow(file);
        const bytes = Uint8Array.from(files.get(file)!);
        bytes[bytes.length >> 1]! ^= 1;
        await expect(load(new Map(files).set(file, bytes))).rejects.toThrow(BundleError);
      }
      const text = new TextDecoder().decode(files.get(MODEL_FILE)).replace(name, 'another');
      await expect(load(new Map(files).set(MODEL_FILE, new TextEncoder().encode(text)))).rejects.toThrow(
        /checksum/,
      );
      expect(memory().numTensors).toBe(before);
    });

    it('refuses weights that are missing, misshapen or not finite, though their checksum fits', async () => {
      const { content } = JSON.parse(new TextDecoder().decode(files.get(MODEL_FILE)));
      const tensors = new Map<string, WeightArray<Float32Array | Float64Array>>(
        parseSafetensors(files.get(WEIGHTS_FILE)!, { keepFloat64: true }),
      );
      const load = (changed: Map<string, WeightArray<Float32Array | Float64Array>>, facts: object = {}) => {
        const weights = serializeSafetensors(changed);
        const sealed = sealModel({ ...content, ...facts, weights: sha256(weights) });
        return system.load(
          new Map([
            [MODEL_FILE, sealed],
            [WEIGHTS_FILE, weights],
          ]),
          platform,
        );
      };
      const names = [...tensors.keys()];
      const before = memory().numTensors;
      for (const name of new Set([names[0]!, names.at(-1)!, names[names.length >> 1]!])) {
        const { shape, data } = tensors.get(name)!;
        const others = new Map([...tensors].filter(([each]) => each !== name));
        await expect(load(others)).rejects.toThrow(BundleError);
        const broken = data.map((value, i) => (i === 0 ? Number.NaN : value));
        await expect(load(new Map(tensors).set(name, { shape, data: broken }))).rejects.toThrow(BundleError);
        const longer = { shape: [...shape, 2], data: Float32Array.from({ length: 2 * data.length }) };
        await expect(load(new Map(tensors).set(name, longer))).rejects.toThrow(BundleError);
      }
      for (const facts of [
        { machines: [] },
        { trainingLevel: -1 },
        { facts: {} },
        { config: { seed: -1 } },
        { system: 'level' },
      ])
        await expect(load(new Map(tensors), facts)).rejects.toThrow(BundleError);
      (await load(new Map(tensors))).dispose(); // what was not changed loads
      expect(memory().numTensors).toBe(before);
    });

    it('refuses what it cannot use, by name', async () => {
      await expect(train([clip('t', { split: 'test' })])).rejects.toThrow(/normal training clips of fan/);
      const { scorer } = trained;
      await expect(scorer.score(sound, { sampleRate: RATE, machineId: '09' })).rejects.toThrow(
        /machineId must be one of/,
      );
      await expect(scorer.score(sound.subarray(0, 10), score)).rejects.toThrow(
        /length of the waveform in seconds/,
      );
      const broken = Float32Array.from(sound, (value, i) => (i === 5 ? Number.NaN : value));
      await expect(scorer.score(broken, score)).rejects.toThrow(/finite, got NaN/);
    });
  },
);
