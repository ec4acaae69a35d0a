import { type Clip, DataLeakError, withKnownAnomalies } from '@serial-oe/datasets';
import { createPlatform, PAPER_PROTOCOL, resolveConfig } from '@serial-oe/serial-oe';
import { isRunnable } from '../src/experiment-types';
import { performRun } from '../src/jobs/do-job';
import type { NamedClip, RunJob } from '../src/jobs/job-types';
import { EXPERIMENTS, experimentNamed } from '../src/paper/experiments';
import { isDcase2020 } from '../src/paper/is-dcase2020';
import { PAPER_AAUC, PAPER_MAUC } from '../src/paper/paper-figures';
import { missingLabels } from '../src/plan/check-labels';
import { nameClips } from '../src/plan/name-clips';
import { evaluatedClips, planData } from '../src/plan/plan-data';
import { type PlanRunsOptions, planRuns } from '../src/plan/plan-runs';
import { aggregateMeasurements } from '../src/results/aggregate-measurements';
import type { Measurement } from '../src/results/experiment-results';
import { measure } from '../src/results/measure';

/** Clips on paper: two types, of each the given IDs, with so many normal and anomalous test clips. */
function listClips({ ids = ['00', '01'], nTrain = 3, nNormal = 3, nAnomalous = 6 } = {}): NamedClip[] {
  const clips = ['fan', 'pump'].flatMap((machineType) =>
    ids.flatMap((machineId) => {
      const some = (n: number, split: Clip['split'], label: Clip['label']) =>
        Array.from({ length: n }, (_, i): Clip => {
          const path = `/data/${machineType}/${split}/${label}_id_${machineId}_${String(i).padStart(8, '0')}.wav`;
          return { path, machineType, machineId, label, split };
        });
      return [
        ...some(nTrain, 'train', 'normal'),
        ...some(nNormal, 'test', 'normal'),
        ...some(nAnomalous, 'test', 'anomaly'),
      ];
    }),
  );
  return nameClips(clips);
}

const names = (clips: readonly NamedClip[]) => clips.map(({ name }) => name);
const shared = { machineType: 'fan', seed: 0, protocol: PAPER_PROTOCOL };

describe('the experiments', () => {
  const choices = { hasPretrained: true, counts: [0, 1, 2] };

  it('are the nine, each with variants of different IDs', () => {
    expect(EXPERIMENTS.map(({ name }) => name)).toEqual([
      ...['main', 'id-loss', 'ablation', 'no-id', 'few-anomalies'],
      ...['contamination', 'embedding', 'detectors', 'aggregators'],
    ]);
    for (const { variants } of EXPERIMENTS) {
      const ids = variants(choices).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(0);
    }
  });

  it('give every variant with a figure in the paper its figure', () => {
    for (const [name, rows] of Object.entries(PAPER_AAUC)) {
      const ids = experimentNamed(name as 'main')
        .variants(choices)
        .map(({ id }) => id);
      expect(Object.keys(rows).sort()).toEqual([...ids].sort());
    }
  });

  it('have averages in the paper that are means of its types', () => {
    const rows = [PAPER_MAUC, ...Object.values(PAPER_AAUC).flatMap((each) => Object.values(each))];
    for (const { average, ...types } of rows) {
      const values = Object.values(types);
      expect(values).toHaveLength(6);
      // Its tables round; a digit that was copied wrongly shows.
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 6 - average)).toBeLessThan(0.02);
    }
  });

  it('run all eight combinations of the ablation with weights, and the four others without', () => {
    const { variants } = experimentNamed('ablation');
    const all = variants(choices).filter(isRunnable);
    const settings = all.map(({ training }) => JSON.stringify([training.config, training.isPretrained]));
    expect(new Set(settings).size).toBe(8);
    const without = variants({ ...choices, hasPretrained: false });
    expect(without.filter(isRunnable).map(({ id }) => id)).toEqual([
      'id-type-mixup',
      'id-type',
      'id-mixup',
      'id',
    ]);
    expect(without.filter((each) => !isRunnable(each))).toHaveLength(4);
  });
});

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
    const evaluated = names(evaluatedClips(clips, { ...shared, nHeldOut: 4 }));
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
    const evaluated = names(evaluatedClips(clips, { ...shared, nHeldOut: 4 }));
    expect(evaluated).toHaveLength(2 * (3 + 2));
    expect(evaluated.filter((name) => plan(4).moved.includes(name))).toEqual([]);
  });

  it('tests on training anomalies under the name of the published code alone', () => {
    const protocol = { ...PAPER_PROTOCOL, knownAnomalies: 'reference' } as const;
    const { isLeaky, moved, testClips } = plan(2, 'anomaly', { protocol });
    expect(isLeaky).toBe(true);
    expect(names(testClips)).toEqual(expect.arrayContaining([...moved]));
  });
});

describe('performRun', () => {
  it('refuses a test clip among the training clips', async () => {
    const clips = listClips();
    const leaked = clips.find(({ label }) => label === 'anomaly') as NamedClip;
    const job: RunJob = {
      id: 'leak',
      folder: '/nowhere/leak',
      machineType: 'fan',
      config: resolveConfig('quick'),
      ...planData(clips, { ...shared, moved: undefined, nHeldOut: 0 }),
      weightsFile: null,
      scorings: [],
      featureWorkers: 0,
    };
    const options = { onEvent: () => {}, signal: undefined, commit: null };
    const trainClips = [...job.trainClips, { ...leaked, split: 'train' as const }];
    await expect(performRun(createPlatform(), { ...job, trainClips }, options)).rejects.toThrow(
      DataLeakError,
    );
  });
});

describe('planRuns', () => {
  const clips = listClips();
  const fingerprints = new Map(clips.map(({ name }) => [name, 'same']));
  const part = (name: 'main' | 'id-loss' | 'detectors' | 'few-anomalies') => ({
    experiment: name,
    machineTypes: ['fan'],
    variants: experimentNamed(name)
      .variants({ hasPretrained: false, counts: [0, 1] })
      .filter(isRunnable),
  });
  const options: PlanRunsOptions = {
    parts: [part('main'), part('id-loss'), part('detectors'), part('few-anomalies')],
    clips,
    fingerprints,
    seeds: [0, 1],
    config: resolveConfig('quick'),
    protocol: PAPER_PROTOCOL,
    weights: null,
    backend: 'wasm',
    outFolder: '/out',
    featureWorkers: 1,
    files: { join: (...parts) => parts.join('/') },
  };

  it('trains once what several experiments need', async () => {
    const { jobs, cells } = await planRuns(options);
    // Of each seed: four ID losses, without IDs, and one known anomaly with and without.
    expect(jobs).toHaveLength(2 * 7);
    const full = cells.filter(({ seed, runId }) => seed === 0 && runId === cells[0]?.runId);
    expect(new Set(full.map(({ experiment }) => experiment)).size).toBe(4);
  });

  it('knows recordings, weights, backend and configuration by the name of a run', async () => {
    const idOf = async (changed: Partial<PlanRunsOptions>) =>
      (await planRuns({ ...options, parts: [part('main')], seeds: [0], ...changed })).jobs[0]?.id;
    const ids = await Promise.all([
      idOf({}),
      idOf({ fingerprints: new Map([...fingerprints, [clips[0]?.name as string, 'other']]) }),
      idOf({ weights: { file: 'w', sha256: 'abc' } }),
      idOf({ backend: 'cpu' }),
      idOf({ config: resolveConfig('quick', { optimization: { nEpochs: 3 } }) }),
      idOf({ config: resolveConfig('quick', { validation: { selection: 3 } }) }),
    ]);
    expect(new Set(ids).size).toBe(6);
    expect(await idOf({})).toBe(ids[0]);
  });

  it('knows a machine by the name of a run, where a manifest gives the same file to another', async () => {
    const idOf = async (named: readonly NamedClip[]) =>
      (await planRuns({ ...options, clips: named, parts: [part('main')], seeds: [0] })).jobs[0]?.id;
    const ids = await Promise.all([
      idOf(clips),
      idOf(clips.map((clip, i) => (i === 0 ? { ...clip, machineId: '01' } : clip))),
      idOf(clips.map((clip, i) => (i === clips.length - 1 ? { ...clip, machineType: 'fan' } : clip))),
    ]);
    expect(new Set(ids).size).toBe(3);
  });

  it('plans 24,000 clips in seconds, as much as they have in common once', async () => {
    const many = listClips({
      ids: Array.from({ length: 12 }, (_, i) => String(i).padStart(2, '0')),
      nTrain: 990,
    });
    const start = process.cpuUsage();
    const { jobs } = await planRuns({ ...options, clips: many, seeds: [0, 1, 2, 3, 4] });
    expect(jobs).toHaveLength(5 * 7);
    expect(new Set(jobs.map(({ trainClips }) => trainClips)).size).toBe(1 + 5);
    expect(process.cpuUsage(start).user).toBeLessThan(10e6);
  });

  it('keeps the names of runs that were finished before', async () => {
    const { jobs } = await planRuns({ ...options, parts: [part('main')], seeds: [0] });
    expect(jobs[0]?.id).toBe('fan-seed0-8e2d7aad5e65');
  });
});

describe('missingLabels', () => {
  const of = (clips: readonly NamedClip[], name: 'main' | 'id-loss' | 'few-anomalies', nMoved = 0) =>
    missingLabels(clips, 'fan', experimentNamed(name), nMoved);

  it('is content with what is there', () => {
    expect(of(listClips(), 'few-anomalies', 4)).toBeNull();
  });

  it.each([
    ['main', /label "anomaly" are missing/, listClips({ nAnomalous: 0 })],
    ['main', /label "normal" are missing/, listClips({ nNormal: 0 })],
    ['main', /no normal training clips/, listClips({ nTrain: 0 })],
    ['main', /no other machine type/, listClips().filter(({ machineType }) => machineType === 'fan')],
    ['id-loss', /machine IDs are missing.*all are of 00/, listClips({ ids: ['00'] })],
    ['few-anomalies', /more than 4 anomalous test clips.*00 has 3, 01 has 3/, listClips({ nAnomalous: 3 })],
  ] as const)('says what %s lacks: %s', (name, message, clips) => {
    expect(of(clips, name, name === 'few-anomalies' ? 4 : 0)).toMatch(message);
  });
});

describe('figures', () => {
  const rows = (machineId: string, scores: [number, number, number, number]) =>
    scores.map((anomalyScore, i) => ({
      name: `${machineId}-${i}`,
      machineId,
      label: i < 2 ? ('normal' as const) : ('anomaly' as const),
      anomalyScore,
    }));
  const scored = [...rows('00', [0, 1, 2, 3]), ...rows('01', [0, 2, 1, 3])];

  it('average over the development IDs alone on DCASE2020', () => {
    const all = measure(scored, { machineType: 'fan', isDcase2020: false });
    const development = measure(scored, { machineType: 'fan', isDcase2020: true });
    expect(all?.type.auc).toBeCloseTo((1 + 0.75) / 2, 12);
    expect(development?.type.auc).toBe(1);
    expect(development?.perId.map(({ isAveraged }) => isAveraged)).toEqual([true, false]);
  });

  it('are averaged over seeds with the sample standard deviation, and over types seed by seed', () => {
    const one = (machineType: string, seed: number, auc: number): Measurement => ({
      ...{ variant: 'v', machineType, seed, runId: 'r', perId: [] },
      type: { auc, pAuc: null, aAuc: null, mAuc: auc },
      pooled: { auc, pAuc: null, aAuc: null },
    });
    const aggregates = aggregateMeasurements(
      [...[one('fan', 0, 0.6), one('fan', 1, 0.8), one('pump', 0, 0.5)], one('pump', 1, 0.9)],
      ['fan', 'pump'],
    );
    const find = (scope: string, machineType: string | null) =>
      aggregates.find(
        (each) => each.scope === scope && each.machineType === machineType && each.metric === 'auc',
      );
    expect(find('type', 'fan')).toMatchObject({ mean: 0.7, nSeeds: 2 });
    expect(find('type', 'fan')?.std).toBeCloseTo(Math.sqrt(0.02), 12);
    expect(find('overall', null)?.mean).toBeCloseTo(0.7, 12);
    expect(find('overall', null)?.std).toBeCloseTo(Math.abs(0.55 - 0.85) / Math.sqrt(2), 12);
  });

  it('have no mean over the types where one of them was never measured', () => {
    const fan: Measurement = {
      ...{ variant: 'v', machineType: 'fan', seed: 0, runId: 'r', perId: [] },
      type: { auc: 0.6, pAuc: null, aAuc: null, mAuc: 0.6 },
      pooled: { auc: 0.6, pAuc: null, aAuc: null },
    };
    const scopes = (types: string[]) => aggregateMeasurements([fan], types).map(({ scope }) => scope);
    expect(scopes(['fan'])).toContain('overall');
    expect(scopes(['fan', 'pump'])).not.toContain('overall');
  });
});

describe('isDcase2020', () => {
  it('wants the development IDs with about as many clips as it has', () => {
    const many = listClips({ ids: ['00', '02', '04', '06'], nTrain: 300, nNormal: 60, nAnomalous: 60 });
    expect(isDcase2020(many, ['fan', 'pump'])).toBe(true);
    expect(
      isDcase2020(
        many.slice(0, -1).filter(({ machineId }) => machineId !== '06'),
        ['fan'],
      ),
    ).toBe(false);
    expect(isDcase2020(listClips({ ids: ['00', '02', '04', '06'] }), ['fan'])).toBe(false);
  });
});
