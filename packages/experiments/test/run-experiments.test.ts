import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanDataset, writeMachineSounds } from '@serial-oe/datasets/node';
import { type AsdSystem, JobStoppedError } from '@serial-oe/runtime';
import {
  cellText,
  collectExperiments,
  costsTable,
  type Experiment,
  ExperimentError,
  type ExperimentProgress,
  type ExperimentResults,
  hasOfficialFigure,
  inlineQueue,
  type RunExperimentsOptions,
  type RunRecord,
  resultsTable,
  runExperiments,
  type Variant,
  whereBaselinesWin,
} from '../src';
import { bandEnergies } from './support/band-energies';

let folder: string;
let dataset: RunExperimentsOptions['dataset'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-harness-'));
  const sounds = {
    machineTypes: ['fan', 'valve'] as const,
    nIds: 2,
    nTrain: 4,
    nTest: 4,
    durationSeconds: 1,
  };
  await writeMachineSounds(join(folder, 'sounds'), { ...sounds, severity: 4 });
  dataset = scanDataset(join(folder, 'sounds'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const systems = [bandEnergies('machineId'), bandEnergies('machineType'), bandEnergies('dataset')];
const variant = (id: string, more: Partial<Variant> = {}): Variant => ({
  ...{ id, title: id, system: 'energies-machineType' },
  training: { config: {}, isPretrained: false },
  scoring: {},
  ...more,
});
const experiment = (variants: Variant[], more: Partial<Experiment> = {}): Experiment => ({
  ...{ name: 'energies', title: 'Energies', question: 'Does it go through?', variants },
  ...more,
});

function run(out: string, experiments: Experiment[], more: Partial<RunExperimentsOptions> = {}) {
  const events: ExperimentProgress[] = [];
  const results = runExperiments(experiments, {
    ...{ systems, dataset, seeds: [0, 1], outFolder: join(folder, out), queue: inlineQueue() },
    onProgress: (event) => events.push(event),
    ...more,
  });
  return { results, events };
}
const runsIn = (out: string) => readdirSync(join(folder, out, 'runs'));
const recordOf = (out: string, id: string): RunRecord =>
  JSON.parse(readFileSync(join(folder, out, 'runs', id, 'run.json'), 'utf8'));
const aAucs = ({ measurements }: ExperimentResults, id: string) =>
  measurements.filter((each) => each.variant === id).map(({ type }) => type.aAuc);

describe('runExperiments, with a system of sixty lines', () => {
  it('plans, trains, measures and reports', async () => {
    const detector = { kind: 'kNearestNeighbors', nNeighbors: 1 } as const;
    const { results, events } = run('whole', [
      experiment(
        [
          variant('own'),
          variant('max', { scoring: { aggregation: 'max' } }),
          variant('mean', { scoring: { aggregation: 'mean' } }),
          variant('knn', { scoring: { detector, aggregation: 'max' } }),
        ],
        { hasMaps: true },
      ),
    ]);
    const [result] = (await results) as [ExperimentResults];
    expect(events[0]).toEqual({ kind: 'plan', nJobs: 4, nFinished: 0, nCells: 16 });
    expect(result.measurements).toHaveLength(16);
    expect(result.failures).toEqual([]);
    // Its own score is the largest chunk's, the distance to the nearest row: what the detector does with its embeddings.
    expect(aAucs(result, 'max')).toEqual(aAucs(result, 'own'));
    expect(aAucs(result, 'knn')).toEqual(aAucs(result, 'own'));
    expect(aAucs(result, 'mean')).not.toEqual(aAucs(result, 'own'));
    expect(Math.min(...(aAucs(result, 'own') as number[]))).toBeGreaterThan(0.5);
    expect(result.maps).toHaveLength(8);
    expect(result.runs.map(({ id }) => id).sort()).toEqual(runsIn('whole').sort());
    expect(result.runs[0]).toMatchObject({
      ...{ system: 'energies-machineType', machineType: 'fan', machineId: null, seed: 0, nNormalClips: 8 },
      ...{ nOtherClips: 8, nUpdates: 0, hasEmbeddings: true, provenance: { nClips: 8 }, backend: 'none' },
    });
    for (const file of ['results.json', 'results.csv', 'differences.csv', 'report.html']) {
      expect(existsSync(join(folder, 'whole/energies', file))).toBe(true);
    }
    expect(existsSync(join(folder, 'whole/running.json'))).toBe(false);
    // The same scores on the same clips: no difference, whatever is drawn.
    const same = result.differences.find((each) => each.variant === 'max' && each.machineType === null);
    const none = { lower: 0, upper: 0 };
    expect(same).toMatchObject({ base: 'own', mean: 0, std: 0, nSeeds: 2, nSeedsNeeded: 2 });
    expect(same).toMatchObject({
      overSeeds: none,
      overClips: { ...none, n: 32 },
      overMachines: { ...none, n: 4 },
    });
    expect(result.differences).toHaveLength(9); // three variants: the mean and two types
    const page = readFileSync(join(folder, 'whole/energies/report.html'), 'utf8');
    expect(page).toMatch(/<h2[^>]*>Differences<\/h2>/);
    // A detector's scores are not the system's, whose time is therefore not that of the variant.
    const unknown = { nParameters: null, mMacPerClip: null };
    expect(result.costs.map(({ variant: id }) => id)).toEqual(['own', 'max', 'mean', 'knn']);
    expect(result.costs[0]).toMatchObject({
      ...{ ...unknown, msPerClip: expect.any(Number), trainingMinutes: expect.any(Number) },
    });
    expect(result.costs[3]).toMatchObject({ ...unknown, msPerClip: null });
    expect(costsTable(result).rows[0]?.slice(0, 3)).toEqual(['own', '-', '-']);
    expect(page).toContain('What each costs');
    expect(hasOfficialFigure(result)).toBe(false);
  });

  it('has the official figure of DCASE2022 to 2025 where test clips have domains', async () => {
    const clips = dataset.clips.map((clip, i) => ({ ...clip, domain: i % 2 ? 'target' : 'source' }) as const);
    const { results } = run('domains', [experiment([variant('own')])], { dataset: { ...dataset, clips } });
    const [result] = (await results) as [ExperimentResults];
    expect(hasOfficialFigure(result)).toBe(true);
    const [fan, valve] = result.measurements
      .filter(({ seed }) => seed === 0)
      .map(({ type }) => type.official as number);
    expect(fan).toBeGreaterThan(0);
    const seed0 = 2 / (1 / fan! + 1 / valve!);
    const overall = result.aggregates.find(
      ({ scope, metric }) => scope === 'overall' && metric === 'official',
    );
    expect(overall?.mean).toBeCloseTo(seed0, 10); // the seeds do not differ: nothing is drawn
    expect(readFileSync(join(folder, 'domains/energies/report.html'), 'utf8')).toContain(
      'Official figure of DCASE2022 to 2025',
    );
  });

  it('does the jobs in shares, of which the last writes what one call would have written', async () => {
    const experiments = [experiment([variant('own'), variant('max', { scoring: { aggregation: 'max' } })])];
    const shardOf = (index: number) => run('shards', experiments, { shard: { index, nShards: 3 } });
    const first = shardOf(0);
    expect(await first.results).toEqual([]);
    expect(first.events[0]).toMatchObject({ kind: 'plan', nJobs: 2, nFinished: 0 });
    expect(runsIn('shards')).toHaveLength(2);
    expect(existsSync(join(folder, 'shards/energies'))).toBe(false);

    const options = { systems, dataset, seeds: [0, 1], outFolder: join(folder, 'shards'), backend: 'none' };
    const [some] = (await collectExperiments(experiments, options)) as [ExperimentResults];
    expect(some.measurements).toHaveLength(4);
    expect(some.failures).toHaveLength(4);
    expect(some.failures[0]?.reason).toMatch(/is not finished/);

    // Two that come last at a time: one of them writes, or both in turn.
    const last = await Promise.all([1, 2].map((index) => shardOf(index).results));
    const [whole] = last.find((results) => results.length > 0) as [ExperimentResults];
    const [single] = (await run('single', experiments).results) as [ExperimentResults];
    expect(whole.failures).toEqual([]);
    expect(whole.measurements).toEqual(single.measurements);
    expect(whole.differences).toEqual(single.differences);
    const csv = (out: string) => readFileSync(join(folder, out, 'energies/results.csv'), 'utf8');
    expect(csv('shards')).toBe(csv('single'));
  });

  it('refuses a share that there is not, and to collect where nothing is finished', async () => {
    const experiments = [experiment([variant('own')])];
    await expect(run('none', experiments, { shard: { index: 2, nShards: 2 } }).results).rejects.toThrow(
      'shard.index must be below nShards (2), got 2',
    );
    const options = { systems, dataset, outFolder: join(folder, 'none'), backend: 'none' };
    await expect(collectExperiments(experiments, options)).rejects.toThrow('must hold finished jobs');
  });

  it('tells of a share whose jobs failed', async () => {
    const broken = { ...systems[1]!, train: () => Promise.reject(new Error('no luck')) } as AsdSystem;
    const { results } = run('failed-share', [experiment([variant('own')])], {
      ...{ systems: [broken], shard: { index: 1, nShards: 2 } },
    });
    await expect(results).rejects.toThrow(/2 job\(s\) of shard 1 of 2 failed, .* no luck/);
  });

  it('says where a baseline is not beaten, and compares points of a curve with its first', async () => {
    const moved = (nPerId: number): Partial<Variant> => ({
      training: { config: {}, isPretrained: false, ...(nPerId > 0 && { moved: { nPerId, as: 'anomaly' } }) },
      scoring: { nHeldOut: 2 },
      curve: { label: 'known', x: nPerId },
    });
    const variants = [
      ...[variant('k0', moved(0)), variant('k2', moved(2))],
      variant('simple', { system: 'energies-dataset', scoring: { nHeldOut: 2 }, isBaseline: true }),
    ];
    const ratio = { xLabel: 'Ratio, per cent', hasRatioAxis: true };
    const [result] = (await run('ratio', [experiment(variants, ratio)]).results) as [ExperimentResults];
    expect(result.normalClipsPerId).toEqual({ fan: { nClips: 8, nIds: 2 }, valve: { nClips: 8, nIds: 2 } });
    expect(new Set(result.differences.map(({ variant: id, base }) => `${id}-${base}`))).toEqual(
      new Set(['k2-k0', 'simple-k0']),
    );
    // Which anomalies leave the test depends on the seed; each seed keeps its number of clips in every resample.
    expect(result.differences.every(({ overClips }) => overClips !== null)).toBe(true);
    const wins = whereBaselinesWin(result);
    expect(wins).toHaveLength(3);
    expect(wins[0]).toMatch(
      /^Not better than a baseline on fan, by aAUC: simple \(\d+\.\d\d\) against k0 \(\d/,
    );
    const page = readFileSync(join(folder, 'ratio/energies/report.html'), 'utf8');
    expect(page).toContain(wins[2]);
    expect(page.match(/<figure/g)).toHaveLength(6); // (a) and (b) of the average and two types
    expect(page).toContain('aria-label="(b) fan: known; simple"');
    expect(page).toContain('>50</text>'); // 2 of 4 normal clips
    expect(page).toContain('Mean and standard error over 2 seeds');
  });

  it('leaves out, and says why, what asks for embeddings of a system that gives none', async () => {
    const training = { config: { hasEmbeddings: false }, isPretrained: false };
    const scoring = { detector: { kind: 'mahalanobisDistance', shrinkage: 'ledoitWolf' } } as const;
    const variants = [variant('own', { training }), variant('detector', { training, scoring })];
    const [result] = (await run('bare', [experiment(variants, { hasMaps: true })]).results) as [
      ExperimentResults,
    ];
    expect(result.omittedVariants).toEqual([
      {
        id: 'detector',
        title: 'detector',
        reason: expect.stringContaining('energies-machineType gives no embeddings'),
      },
    ]);
    expect(result.failures).toEqual([]);
    expect(new Set(result.measurements.map((each) => each.variant))).toEqual(new Set(['own']));
    expect(result.maps).toEqual([]);
    const withThem = (await run('whole', [experiment([variant('own')])]).results)[0] as ExperimentResults;
    expect(aAucs(result, 'own')).toEqual(aAucs(withThem, 'own'));
  });

  it('trains once for two types where the scope is the data set, and once a machine ID where it is that', async () => {
    const variants = ['machineId', 'machineType', 'dataset'].map((scope) =>
      variant(scope, { system: `energies-${scope}` }),
    );
    const [result] = (await run('scopes', [experiment(variants)], { seeds: [0] }).results) as [
      ExperimentResults,
    ];
    const nRuns = (system: string) => result.runs.filter((each) => each.system === system).length;
    expect(['machineId', 'machineType', 'dataset'].map((scope) => nRuns(`energies-${scope}`))).toEqual([
      4, 2, 1,
    ]);
    expect(aAucs(result, 'machineId')).toEqual(aAucs(result, 'machineType'));
    expect(aAucs(result, 'dataset')).toEqual(aAucs(result, 'machineType'));
    const [ofId] = result.measurements.filter((each) => each.variant === 'machineId');
    expect(ofId?.runIds.map((id) => recordOf('scopes', id).machineId)).toEqual(['00', '01']);
    expect(ofId?.perId.map(({ machineId }) => machineId)).toEqual(['00', '01']);
  });

  it('moves known anomalies of every measured type where one training covers all', async () => {
    const known = { config: {}, moved: { nPerId: 2, as: 'anomaly' as const }, isPretrained: false };
    const variants = ['dataset', 'machineType'].map((scope) =>
      variant(scope, { system: `energies-${scope}`, training: known, scoring: { nHeldOut: 3 } }),
    );
    const [result] = (await run('moved', [experiment(variants)], { seeds: [0] }).results) as [
      ExperimentResults,
    ];
    const of = (system: string) => result.runs.filter((each) => each.system === system);
    expect(of('energies-dataset').map((each) => each.nKnownAnomalies)).toEqual([2 * 2 * 2]);
    expect(of('energies-machineType').map((each) => each.nKnownAnomalies)).toEqual([2 * 2, 2 * 2]);
    expect(result.measurements.flatMap(({ perId }) => perId.map(({ nAnomalous }) => nAnomalous))).toEqual(
      Array(8).fill(1),
    );
    expect(aAucs(result, 'dataset')).toEqual(aAucs(result, 'machineType'));
  });

  it('goes on where it was stopped, to the same figures, and does nothing twice', async () => {
    const stop = new AbortController();
    const { results, events } = run('stopped', [experiment([variant('own')])], {
      signal: stop.signal,
      onProgress: (event) => {
        if (event.kind !== 'job' || event.nDone !== 1 || event.event.kind !== 'training') return;
        const training = event.event.event;
        if (training.kind === 'reading' && training.nDone === 3) stop.abort();
      },
    });
    await expect(results).rejects.toThrow(JobStoppedError);
    await expect(results).rejects.toThrow(/interrupted with 1 of 4 jobs finished/);
    expect(events).toEqual([]);
    const resumed = run('stopped', [experiment([variant('own')])]);
    const [result] = (await resumed.results) as [ExperimentResults];
    expect(resumed.events[0]).toMatchObject({ kind: 'plan', nJobs: 4, nFinished: 1 });
    const told = resumed.events.flatMap((event) =>
      event.kind === 'job' && event.event.kind === 'training' ? [event.event.event] : [],
    );
    expect(told[0]).toMatchObject({ kind: 'resumed', stepInEpoch: 3 });
    const whole = (await run('whole', [experiment([variant('own')])]).results)[0] as ExperimentResults;
    expect(result.measurements).toEqual(whole.measurements);
    const again = run('stopped', [experiment([variant('own')])]);
    expect((await again.results)[0]?.measurements).toEqual(whole.measurements);
    expect(again.events.map(({ kind }) => kind)).toEqual(['plan', 'results']);
  });

  it('sets figures from elsewhere beside its own, and says what a reader must know', async () => {
    const compared = {
      label: 'elsewhere',
      rows: {
        aAuc: {
          own: { fan: { mean: 70, std: 2 }, valve: { mean: 60 }, average: { mean: 65, remark: '(sic)' } },
        },
      },
      systems: { caption: 'Others', rows: { aAuc: { 'their best': { fan: { mean: 80 } } } } },
    };
    const beside = experiment([variant('own')], { compared, remarks: ['Made of energies.'] });
    const [result] = (await run('whole', [beside]).results) as [ExperimentResults];
    const [ours, theirs] = resultsTable(result, 'aAuc').rows;
    expect(ours).toMatchObject({ title: 'own', isCompared: false });
    expect(theirs?.cells.map(cellText)).toEqual(['70.00 ± 2.00', '60.00', '65.00 (sic)']);
    expect(resultsTable(result, 'aAuc', 'pooled').rows).toHaveLength(1);
    const page = readFileSync(join(folder, 'whole/energies/report.html'), 'utf8');
    for (const text of ['>elsewhere<', 'their best', 'Made of energies.']) expect(page).toContain(text);
  });

  it('hands a training the files that it starts from, and knows a run by their content', async () => {
    const path = join(folder, 'weights.bin');
    writeFileSync(path, 'weights');
    const started: (string | undefined)[] = [];
    const system: AsdSystem = {
      ...bandEnergies(),
      train(job, platform) {
        const bytes = job.startFrom?.get('weights');
        started.push(bytes && new TextDecoder().decode(bytes));
        return bandEnergies().train({ ...job, config: { seed: 0, hasEmbeddings: false } }, platform);
      },
    };
    const fresh = { config: {}, isPretrained: false };
    const variants = [
      variant('pretrained', { training: { ...fresh, isPretrained: true } }),
      variant('fresh', { training: fresh }),
    ];
    const setups = { [system.name]: { startFrom: { weights: path } } };
    const more = { systems: [system], seeds: [0], machineTypes: ['fan'], setups };
    const [result] = (await run('started', [experiment(variants)], more).results) as [ExperimentResults];
    expect(started.sort()).toEqual(['weights', undefined]);
    const hash = createHash('sha256').update('weights').digest('hex');
    expect(result.runs.map(({ startFrom }) => startFrom)).toEqual([{ weights: hash }, null]);
    writeFileSync(path, 'other');
    await run('started', [experiment(variants)], more).results;
    expect(started).toHaveLength(3); // the fresh one is as it was
    const missing = { ...more, setups: { [system.name]: { startFrom: { weights: join(folder, 'none') } } } };
    await expect(run('started', [experiment(variants)], missing).results).rejects.toThrow(
      /startFrom must name files/,
    );
  });

  it('names what failed and goes on with the others', async () => {
    const broken = {
      ...bandEnergies(),
      name: 'broken',
      train: () => Promise.reject(new Error('no luck today')),
    };
    const variants = [variant('own'), variant('broken', { system: 'broken' })];
    const { results } = run('failed', [experiment(variants)], { systems: [...systems, broken], seeds: [0] });
    const [result] = (await results) as [ExperimentResults];
    expect(result.failures.map((each) => [each.variant, each.reason])).toEqual(
      Array(2).fill(['broken', 'no luck today']),
    );
    expect(result.measurements).toHaveLength(2);
  });

  it('refuses runs of another format by name', async () => {
    await run('old', [experiment([variant('own')])], { seeds: [0] }).results;
    const path = join(folder, 'old/runs', runsIn('old')[0] as string, 'run.json');
    const { formatVersion: _, ...old } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify(old));
    const { results } = run('old', [experiment([variant('own')])], { seeds: [7] });
    await expect(results).rejects.toThrow(ExperimentError);
    await expect(results).rejects.toThrow(/run\.json must be a run of format 2, got format 1/);
  });

  it.each([
    ['no experiment', [], {}, /experiments must hold at least one/],
    ['two of a name', [experiment([]), experiment([])], {}, /different names, got "energies" twice/],
    [
      'a name that is no folder',
      [experiment([], { name: '../x' })],
      {},
      /name of an experiment must be letters/,
    ],
    ['an unknown system', [experiment([variant('a', { system: 'b' })])], {}, /energies-machineType.*got "b"/],
    ['two variants of an id', [experiment([variant('a'), variant('a')])], {}, /different ids, got "a" twice/],
    ['a seed twice', [experiment([variant('a')])], { seeds: [1, 1] }, /seeds must be different integers/],
    [
      'an unknown type',
      [experiment([variant('a')])],
      { machineTypes: ['car'] },
      /types of the data set \(fan, valve\)/,
    ],
    [
      'an aggregation that there is not',
      [experiment([variant('a', { scoring: { aggregation: 'mode' as 'mean' } })])],
      {},
      /scoring of variant a of energies must be possible, but aggregator.aggregate: method must be .* got "mode"/,
    ],
    [
      'a quantile above 1',
      [experiment([variant('a', { scoring: { aggregation: { upperQuantileMean: 90 } } })])],
      {},
      /upperQuantileMean must be a number from 0 \(mean\) to 1 \(maximum\), got 90/,
    ],
    [
      'a detector that there is not',
      [experiment([variant('a', { scoring: { detector: { kind: 'oracle' } as never } })])],
      {},
      /spec.kind must be one of .* got 'oracle'/,
    ],
    [
      'no neighbours',
      [experiment([variant('a', { scoring: { detector: { kind: 'kNearestNeighbors', nNeighbors: 0 } } })])],
      {},
      /nNeighbors must be a whole number of at least 1, got 0/,
    ],
    [
      'a mixture of nothing',
      [experiment([variant('a', { scoring: { detector: { kind: 'gaussianMixture', nComponents: 0 } } })])],
      {},
      /nComponents must be a whole number of at least 1, got 0/,
    ],
    [
      'an option of another detector',
      [
        experiment([
          variant('a', { scoring: { detector: { kind: 'oneClassSvm', nNeighbors: 5 } as never } }),
        ]),
      ],
      {},
      /unknown option 'nNeighbors'/,
    ],
    ['a setup of no system', [experiment([variant('a')])], { setups: { b: {} } }, /setups must name systems/],
  ])('refuses %s', async (_, experiments, options, message) => {
    await expect(run('refused', experiments, options).results).rejects.toThrow(message);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
