import { seededRandom } from '@serial-oe/foundation';
import { type ClipScorer, type DatedScore, DECISIONS_FILE, Decisions, withDecisions } from '../src/contract';

/** Scores with a normal distribution about a mean. */
function normals(
  machineId: string,
  { n, mean, seed = 1 }: { n: number; mean: number; seed?: number },
): DatedScore[] {
  const random = seededRandom(seed, machineId);
  const draw = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: n }, () => ({ machineId, anomalyScore: mean + draw() }));
}

const shareAbove = (threshold: number, scores: readonly DatedScore[]) =>
  scores.filter(({ anomalyScore }) => anomalyScore > threshold).length / scores.length;

function scorerOf(anomalyScore: number): ClipScorer & { isDisposed: boolean } {
  const scorer = {
    ...{
      machineType: 'fan',
      machineIds: ['00', '02'],
      input: { sampleRate: 16_000, chunkSeconds: 2 },
      isDisposed: false,
    },
    score: async () => ({
      anomalyScore,
      threshold: 0,
      isAnomaly: true,
      chunkScores: Float64Array.of(anomalyScore),
    }),
    toFiles: async () => new Map([['model.json', new Uint8Array(1)]]),
    dispose: () => {
      scorer.isDisposed = true;
    },
  };
  return scorer;
}

describe('Decisions', () => {
  it('set a threshold a machine that new normal clips exceed at about the rate', () => {
    const scores = [...normals('00', { n: 200, mean: 0 }), ...normals('02', { n: 200, mean: 1000 })];
    const { machines } = Decisions.fit(scores, { falseAlarmRate: 0.05 });
    for (const [machineId, mean] of [
      ['00', 0],
      ['02', 1000],
    ] as const) {
      const rate = shareAbove(
        machines.get(machineId)!.threshold,
        normals(machineId, { n: 20_000, mean, seed: 2 }),
      );
      expect(rate).toBeGreaterThan(0.025);
      expect(rate).toBeLessThan(0.1);
    }
  });

  it('of few clips go beyond the highest score where the rate asks for that', () => {
    const scores = normals('00', { n: 6, mean: 0 });
    const { threshold, extrapolated, sessions } = Decisions.fit(scores, {
      falseAlarmRate: 0.01,
    }).machines.get('00')!;
    expect(threshold).toBeGreaterThan(Math.max(...scores.map(({ anomalyScore }) => anomalyScore)));
    expect([extrapolated, sessions]).toEqual([true, null]);
  });

  it('of a machine of one clip lie where the others’ scores lie about their medians', () => {
    const scores = [...normals('00', { n: 100, mean: 0 }), { machineId: '02', anomalyScore: 50 }];
    const { machines } = Decisions.fit(scores, { falseAlarmRate: 0.05 });
    const way = (id: string, middle: number) => machines.get(id)!.threshold - middle;
    expect(way('02', 50)).toBeCloseTo(way('00', 0), 0);
    expect(machines.get('02')!.nNormalScores).toBe(100);
  });

  it('count the spread between days, where all clips tell theirs', () => {
    const random = seededRandom(3, 'days');
    const days = Array.from({ length: 8 }, (_, day) =>
      normals('00', { n: 20, mean: 6 * random(), seed: day }).map((score) => ({
        ...score,
        session: `day ${day}`,
      })),
    ).flat();
    const rule = { falseAlarmRate: 0.05 };
    const { threshold, nSessions } = Decisions.fit(days, rule).machines.get('00')!;
    const undated = days.map(({ session: _, ...score }) => score);
    expect(nSessions).toBe(8);
    expect(threshold).toBeGreaterThan(Decisions.fit(undated, rule).machines.get('00')!.threshold);
    const half = days.map((score, i) => (i % 2 === 0 ? score : undated[i]!));
    expect(Decisions.fit(half, rule).machines.get('00')!.nSessions).toBe(0);
  });

  it('keep how loud the normal clips were, but of a machine that borrows its scores', () => {
    const levels = (levelDb: number) => ({
      levelDb,
      bandLevelsDb: Float64Array.of(levelDb - 3, levelDb - 6.25),
    });
    const clips = [...normals('00', { n: 20, mean: 0 }), ...normals('01', { n: 2, mean: 5 })].map(
      (clip, i) => ({ ...clip, levels: levels(-i) }),
    );
    const decisions = Decisions.fromFile(Decisions.fit(clips, { falseAlarmRate: 0.05 }).toFile());
    expect([...decisions.levels.keys()]).toEqual(['00']);
    expect(decisions.under({ falseAlarmRate: 0.1 }).levels.get('00')?.[7]).toEqual(levels(-7));
    const { levels: _, ...unknown } = clips[0]!;
    const rule = { falseAlarmRate: 0.05 };
    expect(decisions.withScores([unknown, ...clips.slice(1, 20)], rule).levels.size).toBe(0);
    const json = decisions.toJSON();
    json.levels!['00']!.pop();
    expect(() => Decisions.fromJSON(json)).toThrow('levels.00 must be a list of 20');
  });

  it('come back from JSON, under another rule, and with other scores of a machine', () => {
    const scores = [...normals('00', { n: 50, mean: 0 }), ...normals('02', { n: 50, mean: 9 })];
    const decisions = Decisions.fit(scores, { falseAlarmRate: 0.1 });
    const again = Decisions.fromJSON(JSON.stringify(decisions.toJSON()));
    expect(again.toJSON()).toEqual(decisions.toJSON());
    expect(again.under({ falseAlarmRate: 0.01 }).toJSON()).toEqual(
      Decisions.fit(scores, { falseAlarmRate: 0.01 }).toJSON(),
    );
    const moved = again.withScores(normals('02', { n: 30, mean: 20 }), { falseAlarmRate: 0.1 });
    expect(moved.machines.get('00')!.toJSON()).toEqual(decisions.machines.get('00')!.toJSON());
    expect(moved.machines.get('02')!.threshold).toBeGreaterThan(20);
    expect(() => Decisions.fromJSON('{"kind":"decisions","version":1,"machines":{"00":{}}}')).toThrow(
      TypeError,
    );
    expect(() => Decisions.fromJSON('[]')).toThrow(TypeError);
    expect(() => Decisions.fit(scores, { falseAlarmRate: 2 })).toThrow(RangeError);
  });
});

describe('withDecisions', () => {
  const decisions = Decisions.fit(normals('00', { n: 100, mean: 0 }), { falseAlarmRate: 0.05 });
  const options = { sampleRate: 16_000, machineId: '00' };
  const waveform = new Float32Array(1);

  it('decides by the threshold, and tells severity and percentile', async () => {
    const { threshold } = decisions.machines.get('00')!;
    const at = async (score: number) => withDecisions(scorerOf(score), decisions).score(waveform, options);
    expect(await at(threshold)).toMatchObject({ isAnomaly: false, threshold, severity: 50 });
    const far = await at(2 * threshold);
    expect(far.isAnomaly).toBe(true);
    expect(far.severity!).toBeGreaterThan(60);
    expect(far.percentile!).toBeCloseTo(1 - 0.5 / 101, 10);
    expect((await at(-5)).severity).toBe(0);
    expect(
      await withDecisions(scorerOf(9), decisions).score(waveform, { ...options, machineId: 'id_00' }),
    ).toMatchObject({
      threshold,
    });
  });

  it('leaves a machine alone of which nothing was decided', async () => {
    const score = await withDecisions(scorerOf(5), decisions).score(waveform, {
      ...options,
      machineId: '02',
    });
    expect(score).toMatchObject({ threshold: 0, isAnomaly: true });
    expect(score.severity).toBe(undefined);
  });

  it('is a scorer like the one within, with its files and one more', async () => {
    const scorer = scorerOf(1);
    const deciding = withDecisions(scorer, decisions);
    expect(deciding.machineIds).toEqual(['00', '02']);
    expect('embed' in deciding && deciding.embed).toBeFalsy();
    const files = await deciding.toFiles();
    expect([...files.keys()]).toEqual(['model.json', DECISIONS_FILE]);
    const bytes = files.get(DECISIONS_FILE)!;
    expect(Decisions.fromFile(bytes).toJSON()).toEqual(decisions.toJSON());
    const altered = new TextDecoder().decode(bytes).replace('"askedFor": 0.05', '"askedFor": 0.06');
    expect(() => Decisions.fromFile(new TextEncoder().encode(altered))).toThrow('was altered');
    expect(deciding.thresholds.get('00')!.calibration).toEqual({
      method: 'gamma',
      nClips: 100,
      falseAlarmRate: 0.05,
    });
    deciding.dispose();
    expect(scorer.isDisposed).toBe(true);
  });
});
