import { seededRandom } from '@serial-oe/datasets';
import type { ClipScorer } from '@serial-oe/runtime/contract';
import { ExplanationError, occlusionMap } from '../src/index';

const RATE = 16_000;

/** White noise, with a tone where asked for. */
function sound({ seconds = 4, seed = 1, tone }: { seconds?: number; seed?: number; tone?: Tone } = {}) {
  const random = seededRandom(seed, 'sound');
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const time = i / RATE;
    const isOn = tone !== undefined && time >= tone.from && time < tone.to;
    return 0.02 * (random() - 0.5) + (isOn ? 0.05 * Math.sin(2 * Math.PI * tone.hertz * time) : 0);
  });
}
interface Tone {
  hertz: number;
  from: number;
  to: number;
}

/** Its score is the power of the clip in decibels. */
function loudness(over: Partial<ClipScorer> = {}): ClipScorer & { nScored: number } {
  return {
    machineIds: ['00'],
    input: { sampleRate: RATE, chunkSeconds: 0.5 },
    nScored: 0,
    async score(this: { nScored: number }, waveform: Float32Array) {
      this.nScored++;
      const power = waveform.reduce((sum, x) => sum + x * x, 0) / waveform.length;
      const anomalyScore = 10 * Math.log10(power + 1e-12);
      return { anomalyScore, chunkScores: Float64Array.of(anomalyScore), isAnomaly: true, threshold: 0 };
    },
    toFiles: async () => new Map(),
    dispose() {},
    ...over,
  } as ClipScorer & { nScored: number };
}

const normal = { waveform: sound({ seed: 2 }), sampleRate: RATE };
const tone = { hertz: 1500, from: 1.7, to: 2.3 };
const clip = sound({ tone });

describe('occlusionMap', () => {
  it('finds a tone in time and frequency with a normal clip, in at most 18 scorings', async () => {
    const scorer = loudness();
    const map = await occlusionMap(scorer, clip, { sampleRate: RATE, normal });
    expect(map.peak.fLow).toBeLessThan(tone.hertz);
    expect(map.peak.fHigh).toBeGreaterThan(tone.hertz);
    expect([map.peak.time, map.peak.endTime]).toEqual([1.6, 2.4]);
    expect(map).toMatchObject({ isThroughout: false, normal: 'normalClip' });
    expect(map.nScorings).toBe(scorer.nScored);
    expect(map.nScorings).toBeLessThanOrEqual(18);
    expect(map.peak.importance).toBeGreaterThan(0.8 * (map.anomalyScore - map.normalScore));
    expect(JSON.parse(JSON.stringify(map))).toEqual(map);
  });

  it('finds it in comparison with the clip itself, where no normal one is given', async () => {
    const map = await occlusionMap(loudness(), clip, { sampleRate: RATE });
    expect(map.normal).toBe('typicalSound');
    expect(map.peak.fLow).toBeLessThan(tone.hertz);
    expect(map.peak.fHigh).toBeGreaterThan(tone.hertz);
    expect(map.peak.time).toBe(1.6);
  });

  it('says that a tone is heard throughout, and its frequency all the same', async () => {
    const always = sound({ tone: { hertz: 500, from: 0, to: 4 } });
    const map = await occlusionMap(loudness(), always, { sampleRate: RATE, normal });
    expect(map.isThroughout).toBe(true);
    expect(map.mainPart).toMatchObject({ time: 0, endTime: 4 });
    expect(map.peak.fLow).toBeLessThan(500);
    expect(map.peak.fHigh).toBeGreaterThan(500);
    const { data, nBands, nSegments } = map.map;
    expect(data).toHaveLength(nBands * nSegments);
    map.bands.forEach(({ importance }, band) => {
      const row = data.slice(band * nSegments, (band + 1) * nSegments);
      expect(row.reduce((sum, x) => sum + x, 0)).toBeCloseTo(importance, 9);
    });
  });

  it('takes the numbers of bands and segments, a known score, and recordings of any rate and length', async () => {
    const at48k = new Float32Array(3 * 48_000).map(
      (_, i) => 0.1 * Math.sin((2 * Math.PI * 3000 * i) / 48_000),
    );
    const scorer = loudness();
    const map = await occlusionMap(scorer, at48k, {
      ...{ sampleRate: 48_000, normal: { waveform: sound({ seconds: 1 }), sampleRate: 44_100 } },
      ...{ nBands: 4, nSegments: 3, score: { anomalyScore: -20 } },
    });
    expect([map.bands.length, map.segments.length, map.anomalyScore]).toEqual([4, 3, -20]);
    expect(map.bands[0]!.fLow).toBe(0);
    expect(map.bands.at(-1)!.fHigh).toBe(8000);
    expect(map.segments.at(-1)!.endTime).toBeCloseTo(3, 6);
    expect(map.nScorings).toBeLessThanOrEqual(1 + 3 + 1 + 4 + 2);
  });

  it('turns a normal clip so that its strokes fall on those of the clip', async () => {
    const strokes = (at: number, seed: number) => {
      const noise = sound({ seed });
      return noise.map((x, i) => (Math.floor(i / RATE - at + 4) % 2 === 0 ? 10 * x : x));
    };
    const [early, late] = [strokes(0, 1), strokes(0.6, 2)];
    const map = await occlusionMap(loudness(), early, {
      sampleRate: RATE,
      normal: { waveform: late, sampleRate: RATE },
      nSegments: 8,
    });
    // Apart, each stroke would count for a quarter of the power, 1.2 dB and more.
    for (const { importance } of map.segments) expect(Math.abs(importance)).toBeLessThan(0.5);
  });

  it('says which sound a scorer failed on, and lets through what it says of the clip itself', async () => {
    const failing = (nGood: number, fail: () => number) => {
      let n = 0;
      return loudness({
        async score() {
          const anomalyScore = n++ < nGood ? 1 : fail();
          return { anomalyScore, chunkScores: Float64Array.of(1), isAnomaly: true, threshold: 0 };
        },
      });
    };
    const broken = new Error('out of memory');
    const raise = () => {
      throw broken;
    };
    await expect(occlusionMap(failing(0, raise), clip, { sampleRate: RATE })).rejects.toBe(broken);
    const later = occlusionMap(failing(3, raise), clip, { sampleRate: RATE });
    await expect(later).rejects.toThrow(ExplanationError);
    await expect(later).rejects.toThrow('explain.occlusionMap: the scorer failed on a part of the clip.');
    await expect(later).rejects.toMatchObject({ cause: broken });
    for (const nGood of [0, 1, 8]) {
      const map = occlusionMap(
        failing(nGood, () => Number.NaN),
        clip,
        { sampleRate: RATE },
      );
      await expect(map).rejects.toThrow(/must give finite scores, got NaN for /);
    }
  });

  it.each([
    [{ sampleRate: RATE }, new Float32Array(1000), 'waveform must be at least 0.25 s long, got 0.0625 s'],
    [
      { sampleRate: RATE },
      Float32Array.of(Number.NaN, ...clip),
      'must hold finite samples, got NaN at sample 0',
    ],
    [{ sampleRate: 0 }, clip, 'sampleRate must be a whole number of at least 1, got 0'],
    [{ sampleRate: RATE, nBands: 1 }, clip, 'nBands must be a whole number from 2 to 64, got 1'],
    [{ sampleRate: RATE, nSegments: 40 }, clip, 'nSegments must be at most 16 for segments of 0.25 s'],
    [{ sampleRate: RATE, bands: 3 }, clip, "unknown option 'bands'. Did you mean 'nBands'?"],
    [
      { sampleRate: RATE, normal: { waveform: new Float32Array(9), sampleRate: RATE } },
      clip,
      'normal.waveform must be',
    ],
  ])('refuses %o', async (options, waveform, message) => {
    await expect(occlusionMap(loudness(), waveform, options as { sampleRate: number })).rejects.toThrow(
      message,
    );
  });

  it('refuses what is no waveform', async () => {
    const list = [1, 2, 3] as unknown as Float32Array;
    await expect(occlusionMap(loudness(), list, { sampleRate: RATE })).rejects.toThrow(TypeError);
  });

  it('explains silence without a number that is none', async () => {
    const map = await occlusionMap(loudness(), new Float32Array(4 * RATE), { sampleRate: RATE });
    for (const value of [...map.map.data, map.peak.importance, map.peak.time])
      expect(Number.isFinite(value)).toBe(true);
  });
});
