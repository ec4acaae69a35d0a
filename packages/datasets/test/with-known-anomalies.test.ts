import {
  assertNoLeak,
  type Clip,
  contaminate,
  type KnownAnomaliesOptions,
  NotEnoughAnomaliesError,
  seededRandom,
  selectKnownAnomalies,
  withKnownAnomalies,
} from '../src';

/** Normal training, normal test and anomalous test clips of a machine. */
function machine(machineType: string, machineId: string, counts: [number, number, number]): Clip[] {
  const kinds = [
    ['train', 'normal'],
    ['test', 'normal'],
    ['test', 'anomaly'],
  ] as const;
  return kinds.flatMap(([split, label], kind) =>
    Array.from({ length: counts[kind]! }, (_, i): Clip => {
      const path = `${machineType}/${split}/${label}_id_${machineId}_${String(i).padStart(8, '0')}.wav`;
      return { path, machineType, machineId, label, split };
    }),
  );
}

const FANS = [...machine('fan', '00', [3, 3, 6]), ...machine('fan', '02', [3, 3, 7])];
const OTHERS = [
  ...machine('fan', '04', [3, 3, 0]), // no anomalies
  ...machine('fan', '06', [0, 3, 5]), // no training
  ...machine('pump', '00', [3, 3, 6]),
];
const clips = [...FANS, ...OTHERS];
const paths = (some: readonly Clip[]) => some.map(({ path }) => path);
const move = (options: Partial<KnownAnomaliesOptions> = {}) =>
  withKnownAnomalies({ clips, name: 'six' }, { machineType: 'fan', nPerId: 2, seed: 7, ...options });

describe('withKnownAnomalies', () => {
  it('moves so many anomalies of each ID of the type that is trained and has some', () => {
    const { dataset, trainClips, heldOutClips } = move({ nHeldOut: 4 });
    expect(trainClips.map(({ machineId, label, split }) => [machineId, label, split])).toEqual(
      ['00', '02', '00', '02'].map((id) => [id, 'anomaly', 'train']),
    );
    expect(heldOutClips).toHaveLength(8);
    expect(paths(heldOutClips)).toEqual(expect.arrayContaining(paths(trainClips)));
    expect(dataset.name).toBe('six');
    expect(dataset.clips.slice(-4)).toEqual(trainClips);
    const kept = clips.filter((clip) => !heldOutClips.includes(clip));
    expect(dataset.clips.slice(0, -4)).toEqual(kept);
    const of = (split: Clip['split']) => dataset.clips.filter((clip) => clip.split === split);
    assertNoLeak(of('train'), of('test'));
  });

  it('draws by the seed and the type, whatever else the data set holds and in whatever order', () => {
    const drawn = paths(move().trainClips);
    expect(paths(move().trainClips)).toEqual(drawn);
    expect(paths(move({ seed: 8 }).trainClips)).not.toEqual(drawn);
    const alone = withKnownAnomalies(
      { clips: [...FANS].reverse() },
      { machineType: 'fan', nPerId: 2, seed: 7 },
    );
    expect(paths(alone.trainClips)).toEqual(drawn);
    const random = seededRandom(7, 'known-anomalies', 'fan');
    const { knownAnomalies } = selectKnownAnomalies(FANS, { nPerId: 2, nHeldOut: 2, random });
    expect(paths(knownAnomalies)).toEqual(drawn);
  });

  it('takes ever more of one pool', () => {
    const of = (nPerId: number) => move({ nPerId, nHeldOut: 5 });
    const pool = paths(of(0).heldOutClips);
    expect(pool).toHaveLength(10);
    for (const nPerId of [1, 3, 5]) {
      expect(paths(of(nPerId).heldOutClips)).toEqual(pool);
      expect(paths(of(nPerId).trainClips)).toEqual(paths(of(5).trainClips).slice(0, 2 * nPerId));
    }
  });

  it('hides the same clips among the normal ones', () => {
    const hidden = move({ as: 'normal' });
    expect(paths(hidden.trainClips)).toEqual(paths(move().trainClips));
    expect(new Set(hidden.trainClips.map(({ label }) => label))).toEqual(new Set(['normal']));
    const random = seededRandom(7, 'known-anomalies', 'fan');
    expect(hidden.trainClips).toEqual(contaminate(FANS, { nPerId: 2, nHeldOut: 2, random }).contaminants);
  });

  it('draws each number anew from all anomalies by the protocol of the published code', () => {
    const options = { nPerId: 2, nHeldOut: 5, protocol: 'reference' } as const;
    const { trainClips, heldOutClips } = move(options);
    expect(paths(heldOutClips)).toEqual(paths(move({ nHeldOut: 5 }).heldOutClips));
    const pools = [1, 2, 3, 4].map((seed) => move({ ...options, seed }));
    const isOutside = (each: (typeof pools)[number]) =>
      each.trainClips.some(({ path }) => !paths(each.heldOutClips).includes(path));
    expect(trainClips).toHaveLength(4);
    expect(pools.some(isOutside)).toBe(true);
  });

  it('leaves a data set as it is where nothing is to be moved', () => {
    expect(move({ nPerId: 0 })).toEqual({
      dataset: { clips, name: 'six' },
      trainClips: [],
      heldOutClips: [],
    });
    const none = withKnownAnomalies({ clips }, { machineType: 'valve', nPerId: 0, nHeldOut: 4, seed: 0 });
    expect(none.dataset.clips).toEqual(clips);
  });

  it.each<[Partial<KnownAnomaliesOptions>, RegExp | typeof NotEnoughAnomaliesError]>([
    [{ nPerId: 6 }, NotEnoughAnomaliesError],
    [{ nPerId: 3, nHeldOut: 2 }, /nPerId must be <= nHeldOut/],
    [{ machineType: 'valve' }, /machineType must have machine IDs with normal training clips.*got 'valve'/],
    [{ machineType: 3 as never }, /machineType must be a string, got 3/],
    [{ as: 'contaminant' as never }, /as must be one of 'anomaly', 'normal', got 'contaminant'/],
    [{ protocol: 'leaky' as never }, /protocol must be one of 'nested', 'reference', got 'leaky'/],
    [{ seed: Number.NaN }, /seed must be a finite number/],
  ])('refuses %j', (options, error) => {
    expect(() => move(options)).toThrow(error);
  });
});
