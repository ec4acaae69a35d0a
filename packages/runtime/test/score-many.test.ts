import {
  type ClipScore,
  type ClipScorer,
  type ClipToScore,
  createEnsemble,
  Decisions,
  scoreEach,
  withDecisions,
} from '../src/contract';
import { CLIPS, madeUp, platform } from './support/made-up-system';

const clip = (value: number, machineId = '00'): ClipToScore => ({
  waveform: Float32Array.of(value),
  options: { sampleRate: 16000, machineId },
});
const VALUES = [clip(3), clip(8, '02'), clip(5), clip(1)];

/** The scorer with `scoreMany`, and the numbers of clips of each call. */
function together(scorer: ClipScorer): { scorer: ClipScorer; calls: number[] } {
  const calls: number[] = [];
  const scoreMany = async (clips: readonly ClipToScore[]): Promise<ClipScore[]> => {
    calls.push(clips.length);
    return Promise.all(clips.map(({ waveform, options }) => scorer.score(waveform, options)));
  };
  return { scorer: { ...scorer, scoreMany }, calls };
}

async function ensemble() {
  const plain = madeUp('plain');
  const calls: number[][] = [];
  const able = {
    ...madeUp('able', { scale: -2 }),
    train: async (...job: Parameters<typeof plain.train>) => {
      const made = together(await madeUp('able', { scale: -2 }).train(...job));
      calls.push(made.calls);
      return made.scorer;
    },
  };
  const system = createEnsemble({ name: 'both', members: [plain, able] });
  const config = system.resolveConfig(undefined, {});
  const job = { clips: CLIPS, target: { machineType: 'fan' }, config, checkpoint: null };
  return { scorer: await system.train({ ...job, onProgress: () => {} }, platform), calls };
}

const oneByOne = (scorer: ClipScorer) =>
  Promise.all(VALUES.map(({ waveform, options }) => scorer.score(waveform, options)));

describe('scoreMany', () => {
  it('of an ensemble asks the members that have it once, the others clip by clip', async () => {
    const { scorer, calls } = await ensemble();
    const expected = await oneByOne(scorer);
    expect(await scorer.scoreMany!(VALUES)).toEqual(expected);
    expect(calls.flat()).toEqual([VALUES.length]);
    await expect(scorer.scoreMany!([clip(1), clip(1, '77')])).rejects.toThrow(/machineId must be one of/);
  });

  it('of an ensemble is missing where no member has it', async () => {
    const system = createEnsemble({ name: 'both', members: [madeUp('plain'), madeUp('other')] });
    const config = system.resolveConfig(undefined, {});
    const job = { clips: CLIPS, target: { machineType: 'fan' }, config, checkpoint: null };
    const scorer = await system.train({ ...job, onProgress: () => {} }, platform);
    expect(scorer.scoreMany).toBeUndefined();
  });

  it('under decisions gives their thresholds and severities, of each clip`s machine', async () => {
    const { scorer } = await ensemble();
    const decisions = Decisions.fit(scorer.normalScores!, { falseAlarmRate: 0.1 });
    const deciding = withDecisions(scorer, decisions);
    const scores = await deciding.scoreMany!(VALUES);
    expect(scores).toEqual(await oneByOne(deciding));
    expect(new Set(scores.map(({ threshold }) => threshold)).size).toBe(2);
    expect(scores.every(({ severity }) => severity !== undefined)).toBe(true);
  });
});

describe('scoreEach', () => {
  it('asks once where the scorer can, and tells which clip has no score', async () => {
    const { scorer } = await ensemble();
    const { scorer: able, calls } = together(scorer);
    const expected = await oneByOne(scorer);
    const told = await scoreEach(able, VALUES);
    expect(told).toEqual(expected.map((value) => ({ status: 'fulfilled', value })));
    expect(calls).toEqual([VALUES.length]);
    const [first, second, third] = await scoreEach(able, [clip(3), clip(1, '77'), clip(5)]);
    expect([first, third]).toEqual([told[0], told[2]]);
    expect(second).toMatchObject({ status: 'rejected', reason: { machineId: '77' } });
  });

  it('takes what a scorer throws before it gives a promise as the reason of its clip', async () => {
    const score = () => {
      throw new Error('no such machine');
    };
    for (const scorer of [{ score }, { score, scoreMany: score }]) {
      expect(await scoreEach(scorer, VALUES)).toEqual(
        VALUES.map(() => ({ status: 'rejected', reason: new Error('no such machine') })),
      );
    }
  });

  it('asks one by one where it cannot', async () => {
    const { scorer } = await ensemble();
    const { scoreMany: _, ...plain } = scorer;
    const expected = await oneByOne(scorer);
    expect(await scoreEach(plain, VALUES)).toEqual(expected.map((value) => ({ status: 'fulfilled', value })));
  });
});
