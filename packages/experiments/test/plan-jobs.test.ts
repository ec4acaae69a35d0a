import { DataLeakError } from '@serial-oe/datasets';
import { createNodePlatform } from '@serial-oe/runtime/node';
import { DEFAULT_PROTOCOL, type Variant } from '../src/experiment-types';
import { doJob } from '../src/jobs/do-job';
import type { Job, NamedClip } from '../src/jobs/job-types';
import { planData } from '../src/plan/plan-data';
import { planJobs } from '../src/plan/plan-jobs';
import type { PlanJobsOptions } from '../src/plan/plan-jobs-options';
import { bandEnergies } from './support/band-energies';
import { listClips } from './support/list-clips';

const variant = (id: string, config: object = {}, more: Partial<Variant> = {}): Variant => ({
  ...{ id, title: id, system: 'energies-machineType', scoring: {} },
  training: { config, isPretrained: true },
  ...more,
});
const known = { config: {}, isPretrained: true, moved: { nPerId: 1, as: 'anomaly' as const } };
const detectors = [1, 5].map((nNeighbors) =>
  variant(`knn-${nNeighbors}`, {}, { scoring: { detector: { kind: 'kNearestNeighbors', nNeighbors } } }),
);
const PARTS = {
  main: [variant('whole')],
  losses: [variant('whole'), variant('other', { loss: { kind: 'other' } })],
  detectors,
  anomalies: [
    variant('none', {}, { scoring: { nHeldOut: 1 } }),
    variant('one', {}, { training: known, scoring: { nHeldOut: 1 } }),
  ],
};
const part = (experiment: keyof typeof PARTS) => ({
  ...{ experiment, machineTypes: ['fan'], hasMaps: false },
  variants: PARTS[experiment],
});

const clips = listClips();
const fingerprints = new Map(clips.map(({ name }) => [name, 'same']));
const options: PlanJobsOptions = {
  parts: [part('main'), part('losses'), part('detectors'), part('anomalies')],
  ...{ clips, fingerprints, seeds: [0, 1], systems: [bandEnergies()], setups: {} },
  ...{ protocol: DEFAULT_PROTOCOL, backend: 'wasm', outFolder: '/out' },
  files: { join: (...parts) => parts.join('/') },
};
const setup = (config: object, startFrom: Record<string, string> | null = null) => ({
  setups: {
    'energies-machineType': { config, startFrom: startFrom && { paths: startFrom, hashes: startFrom } },
  },
});
const idOf = (changed: Partial<PlanJobsOptions>) =>
  planJobs({ ...options, parts: [part('main')], seeds: [0], ...changed }).jobs[0]?.id;

describe('planJobs', () => {
  it('trains once what several experiments need', () => {
    const { jobs, cells } = planJobs(options);
    expect(jobs).toHaveLength(2 * 3); // of each seed: the whole, the other loss, one known anomaly
    const jobOf = ({ scores }: (typeof cells)[number]) => scores[0]?.jobId;
    const whole = cells.filter((cell) => cell.seed === 0 && jobOf(cell) === jobOf(cells[0]!));
    expect(new Set(whole.map(({ experiment }) => experiment)).size).toBe(4);
    expect(jobs[0]?.scorings).toHaveLength(4); // as it is, two detectors, with clips held out
  });

  it('knows recordings, files to start from, backend and configuration by the name of a job', () => {
    const ids = [
      idOf({}),
      idOf({ fingerprints: new Map([...fingerprints, [clips[0]!.name, 'other']]) }),
      idOf(setup({}, { weights: 'abc' })),
      idOf({ backend: 'cpu' }),
      idOf(setup({ nEpochs: 3 })),
      idOf(setup({ loss: { kind: 'other' } })),
      idOf({ systems: [{ ...bandEnergies('dataset'), name: 'energies-machineType' }] }),
    ];
    expect(new Set(ids).size).toBe(7);
    expect(idOf({})).toBe(ids[0]);
    expect(idOf(setup({ b: 1, a: 2 }))).toBe(idOf(setup({ a: 2, b: 1 })));
  });

  it("merges the seed and a variant's changes into the setup, field by field", () => {
    const parts = [{ ...part('main'), variants: PARTS.losses }];
    const { jobs } = planJobs({ ...options, ...setup({ seed: 9, loss: { alpha: 2, kind: 'own' } }), parts });
    expect(jobs.map(({ config }) => config)).toEqual(
      [0, 1].flatMap((seed) =>
        ['own', 'other'].map((kind) => expect.objectContaining({ seed, loss: { alpha: 2, kind } })),
      ),
    );
  });

  it('knows a machine by the name of a job, where a manifest gives the same file to another', () => {
    const ids = [
      idOf({}),
      idOf({ clips: clips.map((clip, i) => (i === 0 ? { ...clip, machineId: '01' } : clip)) }),
      idOf({
        clips: clips.map((clip, i) => (i === clips.length - 1 ? { ...clip, machineType: 'fan' } : clip)),
      }),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('plans 24,000 clips in seconds, as much as they have in common once', () => {
    const machines = Array.from({ length: 12 }, (_, i) => String(i).padStart(2, '0'));
    const many = listClips({ ids: machines, nTrain: 990 });
    const start = process.cpuUsage();
    const { jobs } = planJobs({ ...options, clips: many, seeds: [0, 1, 2, 3, 4] });
    expect(jobs).toHaveLength(5 * 3);
    expect(new Set(jobs.map(({ trainClips }) => trainClips)).size).toBe(1 + 5);
    expect(process.cpuUsage(start).user).toBeLessThan(10e6);
  });

  it('keeps the names of jobs that were finished before', () => {
    expect(idOf({})).toBe('fan-seed0-0e44acdfe14b');
  });
});

describe('doJob', () => {
  it('refuses a test clip among the training clips', async () => {
    const leaked = clips.find(({ label }) => label === 'anomaly') as NamedClip;
    const [planned] = planJobs(options).jobs;
    const data = {
      machineTypes: ['fan'],
      seed: 0,
      moved: undefined,
      nHeldOut: 0,
      protocol: DEFAULT_PROTOCOL,
    };
    const job: Job = { ...planned!, folder: '/nowhere/leak', ...planData(clips, data) };
    const trainClips = [...job.trainClips, { ...leaked, split: 'train' as const }];
    const context = {
      systems: [bandEnergies()],
      platform: createNodePlatform(),
      backend: 'none',
      commit: null,
    };
    const done = doJob({ ...job, trainClips }, { ...context, onEvent: () => {}, signal: undefined });
    await expect(done).rejects.toThrow(DataLeakError);
  });
});
