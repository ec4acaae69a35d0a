import { withKnownAnomalies } from '@serial-oe/datasets';
import { DEFAULT_PROTOCOL } from '../src/experiment-types';
import { evaluatedClips, planData } from '../src/plan/plan-data';
import { listClips, names } from './support/list-clips';

const shared = { machineTypes: ['fan'], seed: 0, protocol: DEFAULT_PROTOCOL };

describe('planData', () => {
  const clips = listClips();
  const plan = (nPerId: number, as: 'anomaly' | 'normal' = 'anomaly', options = {}) =>
    planData(clips, { ...shared, moved: { nPerId, as }, nHeldOut: 4, ...options });

  it('moves nested sets of anomalies of every ID into training, fixed by the seed', () => {
    const [one, two, four] = [1, 2, 4].map((n) => plan(n).moved) as [
      readonly string[],
      readonly string[],
      readonly string[],
    ];
    expect([one.length, two.length, four.length]).toEqual([2, 4, 8]);
    expect(two).toEqual(expect.arrayContaining([...one]));
    expect(four).toEqual(expect.arrayContaining([...two]));
    expect(plan(2).moved).toEqual(two);
    expect(plan(2, 'anomaly', { seed: 1 }).moved).not.toEqual(two);
  });

  it('draws as withKnownAnomalies does, by which the command trains', () => {
    const { dataset, trainClips, heldOutClips } = withKnownAnomalies(
      { clips },
      { machineType: 'fan', nPerId: 2, nHeldOut: 4, seed: 0 },
    );
    expect(plan(2).moved).toEqual(names(trainClips).sort());
    expect(names(plan(2).trainClips)).toEqual(names(dataset.clips.filter(({ split }) => split === 'train')));
    const heldOut = names(heldOutClips);
    const evaluated = names(evaluatedClips(clips, { machineType: 'fan', seed: 0, nHeldOut: 4 }));
    expect(evaluated.filter((name) => heldOut.includes(name))).toEqual([]);
    expect(evaluated).toHaveLength(names(plan(0).testClips).length - heldOut.length);
  });

  it('hides the same clips among the normal ones', () => {
    const hidden = plan(2, 'normal');
    expect(hidden.moved).toEqual(plan(2).moved);
    const added = hidden.trainClips.filter(({ name }) => hidden.moved.includes(name));
    expect(added.map(({ label, split }) => [label, split])).toEqual(Array(4).fill(['normal', 'train']));
  });

  it('leaves no moved clip to test on, and the same test for every number', () => {
    for (const n of [1, 2, 4]) {
      const { moved, testClips } = plan(n);
      expect(names(testClips).filter((name) => moved.includes(name))).toEqual([]);
    }
    const evaluated = names(evaluatedClips(clips, { machineType: 'fan', seed: 0, nHeldOut: 4 }));
    expect(evaluated).toHaveLength(2 * (3 + 2));
    expect(evaluated.filter((name) => plan(4).moved.includes(name))).toEqual([]);
  });

  it('tests on training anomalies under the name of the published code alone', () => {
    const protocol = { ...DEFAULT_PROTOCOL, knownAnomalies: 'reference' } as const;
    const { isLeaky, moved, testClips } = plan(2, 'anomaly', { protocol });
    expect(isLeaky).toBe(true);
    expect(names(testClips)).toEqual(expect.arrayContaining([...moved]));
  });
});
