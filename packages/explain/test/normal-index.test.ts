import { type Clip, seededRandom } from '@serial-oe/datasets';
import { type ClipScorer, UnknownMachineIdError } from '@serial-oe/runtime/contract';
import { differenceSpectrogram, ExplanationError, explainClip, NormalIndex } from '../src/index';

const RATE = 16_000;

function sound({ hertz = 200, gain = 1, seed = 1, seconds = 2 } = {}): Float32Array {
  const random = seededRandom(seed, 'sound');
  return Float32Array.from(
    { length: seconds * RATE },
    (_, i) => gain * (0.05 * Math.sin((2 * Math.PI * hertz * i) / RATE) + 0.02 * (random() - 0.5)),
  );
}

function clip(name: string, waveform: Float32Array, rest: Partial<Clip> = {}): Clip {
  return {
    ...{
      path: `fan/train/${name}.wav`,
      machineType: 'fan',
      machineId: '00',
      label: 'normal',
      split: 'train',
    },
    ...{ waveform, sampleRate: RATE },
    ...rest,
  };
}

const score: ClipScorer['score'] = async (waveform) => {
  const power = waveform.reduce((sum, x) => sum + x * x, 0) / waveform.length;
  const anomalyScore = 10 * Math.log10(power + 1e-12);
  return {
    anomalyScore,
    chunkScores: Float64Array.of(anomalyScore),
    isAnomaly: anomalyScore > -30,
    threshold: -30,
  };
};
const plain = { input: { sampleRate: RATE, chunkSeconds: 0.5 }, score };
/** Two chunks a clip, of which the mean is the power of the first and the last half. */
const withEmbeddings = {
  ...plain,
  async embed(waveform: Float32Array) {
    const half = waveform.length / 2;
    const powers = [0, half].map(
      (from) => waveform.slice(from, from + half).reduce((sum, x) => sum + x * x, 0) / half,
    );
    return { data: Float32Array.from(powers.flatMap((power) => [power, 1])), nRows: 2, nCols: 2 };
  },
};

const clips = [
  ...[1, 2, 3, 4].map((seed) => clip(`low${seed}`, sound({ seed }))),
  ...[5, 6].map((seed) => clip(`high${seed}`, sound({ seed, hertz: 800 }))),
  clip('other', sound({ hertz: 3000 }), { machineId: '02' }),
  clip('fault', sound({ hertz: 5000 }), { label: 'anomaly' }),
  clip('test', sound({ seed: 9 }), { split: 'test' }),
];

describe('NormalIndex', () => {
  it('finds the normal clips that sound alike, of the machine alone, by the mean log-mel spectrum', async () => {
    const index = await NormalIndex.build(plain, clips);
    expect(index.machineIds).toEqual(['00', '02']);
    const asked = { sampleRate: RATE, machineId: '00' };
    const high = await index.nearest(sound({ hertz: 800, seed: 7 }), asked, 3);
    expect(
      high
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['fan/train/high5.wav', 'fan/train/high6.wav']);
    expect(high[2]!.distance).toBeGreaterThan(2 * high[1]!.distance);
    expect(high[0]!.distance).toBeLessThan(2); // about as far as normal clips are from each other
    expect(await index.nearest(clips[2]!.waveform!, asked)).toEqual([
      { name: 'fan/train/low3.wav', distance: 0 },
    ]);
    expect(await index.nearest(sound(), { sampleRate: RATE, machineId: 'id_02' }, 9)).toHaveLength(1);
  });

  it("takes the scorer's embeddings where it has any, the mean over chunks", async () => {
    const loud = [1, 2, 3].map((gain) => clip(`gain${gain}`, sound({ gain })));
    const index = await NormalIndex.build(withEmbeddings, loud);
    const [nearest] = await index.nearest(sound({ gain: 2.9, hertz: 4000 }), { sampleRate: RATE });
    expect(nearest!.name).toBe('fan/train/gain3.wav');
  });

  it('keeps the sound of typical clips, within bounds, and compares with the nearest of them', async () => {
    const progress: number[] = [];
    const index = await NormalIndex.build(plain, clips, {
      ...{ nKept: 2, maxSeconds: 1, onProgress: ({ nDone }: { nDone: number }) => progress.push(nDone) },
    });
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const asked = { sampleRate: RATE, machineId: '00' };
    const { normal } = await index.compare(sound({ hertz: 800, seed: 7 }), asked);
    expect(normal.name).toContain('high'); // one of either group is kept
    expect(normal.waveform).toHaveLength(RATE);
    expect((await index.compare(sound({ seed: 8 }), asked)).normal.name).toContain('low');
    const few = await NormalIndex.build(plain, clips, { maxClips: 2 });
    expect(await few.nearest(sound(), asked, 9)).toHaveLength(2);
  });

  it('comes back from its JSON with the same answers', async () => {
    const index = await NormalIndex.build(plain, clips);
    const again = NormalIndex.fromJSON(JSON.stringify(index), { scorer: plain });
    const asked = { sampleRate: RATE, machineId: '00' };
    const waveform = sound({ hertz: 700, seed: 8 });
    expect(await again.nearest(waveform, asked, 9)).toEqual(await index.nearest(waveform, asked, 9));
    expect(again.levelOf('00')).toEqual(index.levelOf('00'));
    const [before, after] = [await index.compare(waveform, asked), await again.compare(waveform, asked)];
    const step = Math.max(...before.normal.waveform) / 32_000;
    after.normal.waveform.forEach((sample, i) => {
      expect(Math.abs(sample - before.normal.waveform[i]!)).toBeLessThan(step);
    });
  });

  it('refuses JSON that is none of its own, or of another scorer', async () => {
    const json = (await NormalIndex.build(plain, clips)).toJSON();
    const read = (change: object, scorer: Pick<ClipScorer, 'embed' | 'input'> = plain) =>
      NormalIndex.fromJSON({ ...json, ...change }, { scorer });
    expect(() => read({ kind: 'Gmm' })).toThrow("json.kind must be 'NormalIndex', got 'Gmm'");
    expect(() => read({ version: 2 })).toThrow('json.version must be 1');
    expect(() => read({ machines: [] })).toThrow('json.machines must be a list of at least one entry');
    const [machine] = json.machines;
    expect(() => read({ machines: [{ ...machine, mean: '?' }] })).toThrow(
      'json.machines[0].mean must be base64',
    );
    expect(() => read({ machines: [{ ...machine, mean: 'AAAA' }] })).toThrow(
      'whole numbers of 4 bytes, got 3',
    );
    expect(() => read({ machines: [{ ...machine, mean: 'AADAfw==' }] })).toThrow(
      'machines[0].mean must hold 64 numbers, got 1',
    );
    expect(() => read({ machines: [{ ...machine, kept: [{ name: 'a', peak: -1, samples: '' }] }] })).toThrow(
      'kept[0].peak',
    );
    expect(() => read({}, withEmbeddings)).toThrow('scorer must be the one that the index was built with');
    expect(() => read({ sampleRate: 8000 })).toThrow('Build the index anew.');
  });

  it('refuses clips without a normal one, unknown machines, broken embeddings and options that there are not', async () => {
    await expect(NormalIndex.build(plain, clips.slice(7))).rejects.toThrow(
      'clips must hold normal ones of the split train, got none of 2',
    );
    await expect(NormalIndex.build(plain, clips, { kept: 1 } as never)).rejects.toThrow(
      "unknown option 'kept'",
    );
    await expect(NormalIndex.build(plain, [clip('short', new Float32Array(10))])).rejects.toThrow(
      'fan/train/short.wav must be at least 0.25 s',
    );
    const index = await NormalIndex.build(plain, clips);
    await expect(index.nearest(sound(), { sampleRate: RATE })).rejects.toThrow(UnknownMachineIdError);
    expect(() => index.levelOf('07')).toThrow("machineId must be one of 00, 02, got '07'");
    const embed = async () => ({ data: Float32Array.of(1, Number.NaN), nRows: 1, nCols: 2 });
    await expect(NormalIndex.build({ ...plain, embed }, clips)).rejects.toThrow(ExplanationError);
    const controller = new AbortController();
    controller.abort(new Error('stopped'));
    await expect(NormalIndex.build(plain, clips, { signal: controller.signal })).rejects.toThrow('stopped');
  });
});

describe('differenceSpectrogram', () => {
  it('is how much louder a clip is than its machine, in dB and in deviations', async () => {
    const index = await NormalIndex.build(plain, clips.slice(0, 4));
    const level = index.levelOf();
    const { data, nMels, nFrames, unit } = differenceSpectrogram(sound({ gain: 10, seed: 7 }), level, {
      sampleRate: RATE,
    });
    expect([nMels, unit, data.length]).toEqual([64, 'dB', 64 * nFrames]);
    expect(data.reduce((sum, x) => sum + x, 0) / data.length).toBeCloseTo(20, 0);
    const deviations = differenceSpectrogram(sound({ seed: 7 }), level, {
      sampleRate: RATE,
      unit: 'deviations',
    });
    const squares = deviations.data.reduce((sum, x) => sum + x * x, 0) / deviations.data.length;
    expect(squares).toBeGreaterThan(0.7);
    expect(squares).toBeLessThan(1.3);
  });
});

describe('explainClip', () => {
  const always = sound({ seed: 7 });
  const faulty = always.map(
    (x, i) => x + (i > RATE && i < 1.3 * RATE ? 0.5 * Math.sin((2 * Math.PI * 2500 * i) / RATE) : 0),
  );

  it('says when, which frequencies, how much louder and the nearest normal clip, in plain JSON', async () => {
    const index = await NormalIndex.build(plain, clips);
    const asked = { sampleRate: RATE, machineId: '00', index };
    const explanation = await explainClip(plain, faulty, asked);
    expect(explanation.text).toMatch(
      /^Mostly 1\.9 to 2\.8 kHz between 0\.8 and 1\.6 s; \d+ dB louder there than normal; nearest normal clip: fan\/train\/\w+\.wav\.$/,
    );
    expect(explanation.nearest).toHaveLength(3);
    expect(explanation.timeline).toEqual([{ time: 0, endTime: 2, score: explanation.anomalyScore }]);
    expect(explanation.nScorings).toBeLessThanOrEqual(20);
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });

  it('does without an index, and without an anomaly', async () => {
    const { text, nearest, difference, louderDb } = await explainClip(plain, faulty, { sampleRate: RATE });
    expect(text).toBe('Mostly 1.9 to 2.8 kHz between 0.8 and 1.6 s.');
    expect([nearest, difference, louderDb]).toEqual([[], null, null]);
    const index = await NormalIndex.build(plain, clips);
    const quiet = await explainClip(
      plain,
      always.map((x) => x / 4),
      { sampleRate: RATE, machineId: '00', index },
    );
    expect(quiet.text).toMatch(/^No part of the clip scores above a normal sound; nearest normal clip: /);
  });
});
