import { type Clip, loadMemoryClip, seededRandom } from '@serial-oe/datasets';
import { type ClipResult, summarize } from '@serial-oe/evaluation';
import type { ClipScorer, Evaluation, Platform } from '@serial-oe/runtime/contract';
import { evaluateModel } from '../src/evaluate/evaluate-model';
import { evaluationText } from '../src/evaluate/evaluation-text';
import { fitBaselines } from '../src/evaluate/fit-baselines';
import { whereOthersWin } from '../src/evaluate/where-others-win';
import { comparisonSection } from '../src/evaluation-report/comparison-section';
import type { LoadedModel } from '../src/model/loaded-model';
import type { SystemName } from '../src/system-table';

const RATE = 16_000;

function clip(name: string, { hertz = 120, ...rest }: Partial<Clip> & { hertz?: number } = {}): Clip {
  const random = seededRandom(0, name);
  const waveform = Float32Array.from(
    { length: RATE },
    (_, i) => 0.1 * Math.sin((2 * Math.PI * hertz * i) / RATE) + 0.02 * (random() - 0.5),
  );
  const place = { path: `${name}.wav`, machineType: 'fan', machineId: '00' } as const;
  return { ...place, label: 'normal', split: 'train', waveform, sampleRate: RATE, ...rest };
}

const TRAIN = Array.from({ length: 8 }, (_, i) => clip(`n${i}`));
const TEST = [
  ...Array.from({ length: 4 }, (_, i) => clip(`t${i}`, { split: 'test' })),
  ...Array.from({ length: 4 }, (_, i) => clip(`a${i}`, { split: 'test', label: 'anomaly', hertz: 2000 })),
];

/** A model whose scores of the test clips are these, in turn; what members say beside. */
function madeUpModel(
  scores: readonly number[],
  {
    systems = ['serial-oe'],
    members = [],
  }: { systems?: SystemName[]; members?: Record<string, number>[] } = {},
): LoadedModel {
  let i = 0;
  const scorer = {
    score: async () => {
      const score = { anomalyScore: scores[i]!, isAnomaly: false, threshold: 0, members: members[i] };
      i++;
      return { ...score, chunkScores: new Float64Array(0) };
    },
  } as unknown as ClipScorer;
  return {
    ...{ system: systems.length > 1 ? 'ensemble' : systems[0]!, systems, machineType: 'fan' },
    ...{ machineIds: ['00'], usesMachineIds: true, scorer, systemScorer: scorer, network: null },
    ...{ readFiles: async () => new Map(), startThreads: async () => 0, close: async () => {} },
  };
}

const BLIND = [1, 2, 3, 4, 1, 2, 3, 4];
const SEEING = [1, 1, 1, 1, 9, 9, 9, 9];

async function compare(clips: readonly Clip[], model = madeUpModel(BLIND)) {
  const warnings: string[] = [];
  const reads: string[] = [];
  const loadClip = async (each: Clip) => {
    reads.push(each.path);
    return loadMemoryClip(each);
  };
  const signal = new AbortController().signal;
  const dataset = { clips: [...clips], name: 'made up', warnings: [] };
  const baselines = await fitBaselines({
    ...{ dataset, machineType: 'fan', known: [model.system, ...model.systems], signal },
    platform: { loadClip } as unknown as Platform,
    onProgress: () => {},
    onWarning: (message) => warnings.push(message),
  });
  const { evaluation, compared } = await evaluateModel(model, {
    ...{ dataset, baselines, maxFpr: undefined, loadClip, signal, onProgress: () => {} },
  });
  return { evaluation, compared, warnings, reads };
}

const summaryOf = (scores: readonly number[]) =>
  summarize(
    TEST.map(({ machineType, machineId, label }, i): ClipResult => {
      return { machineType, machineId, label, anomalyScore: scores[i]! };
    }),
  );
const evaluationOf = (scores: readonly number[]): Evaluation => ({
  ...{ machineType: 'fan', results: [], summary: summaryOf(scores), decisions: [] },
  ...{ unknownMachineIds: {}, nHeldOut: 0 },
});

it('a model is told beside systems without a network, on the same clips, each read once', async () => {
  const { evaluation, compared, warnings, reads } = await compare([...TRAIN, ...TEST]);
  expect(warnings).toEqual([]);
  expect(compared.map(({ system }) => system)).toEqual(['mel-statistics', 'level']);
  expect(compared[0]!.summary.perId).toMatchObject([{ machineId: '00', nNormal: 4, nAnomalous: 4, auc: 1 }]);
  expect([...reads].sort()).toEqual([...TRAIN, ...TEST].map(({ path }) => path).sort());
  const text = evaluationText(evaluation, compared, { hasNetwork: true });
  expect(text).toMatch(/this model +0\.5000/);
  expect(text).toMatch(/mel-statistics +1\.0000 +1\.0000 +1\.0000 +1\.0000/);
  expect(text).toMatch(
    /Without a network, as good as this model or better: mel-statistics on 00 \(AUC 1\.00 against 0\.50\)/,
  );
  const section = comparisonSection(evaluation, compared, { hasNetwork: true });
  expect(section.text).toContain('mel-statistics on 00');
  expect(section.tables![0]!.rows.map(([name]) => name)).toEqual(['this model', 'mel-statistics', 'level']);
});

it('members of an ensemble are told alone, from the same pass, and no baseline twice', async () => {
  const members = SEEING.map((seeing, i) => ({ 'serial-oe': seeing, 'mel-statistics': BLIND[i]! }));
  const model = madeUpModel(BLIND, { systems: ['serial-oe', 'mel-statistics'], members });
  const { evaluation, compared } = await compare([...TRAIN, ...TEST], model);
  expect(compared.map(({ system, isMember }) => [system, isMember])).toEqual([
    ['serial-oe', true],
    ['mel-statistics', true],
    ['level', false],
  ]);
  expect(evaluation.results[4]!.members).toEqual({ 'serial-oe': 9, 'mel-statistics': 1 });
  const text = evaluationText(evaluation, compared, { hasNetwork: true });
  expect(text).toMatch(/serial-oe alone +1\.0000/);
  expect(text).toMatch(/as good as this model or better: mel-statistics on 00 \(AUC 0\.50 against 0\.50\)/);
  expect(text).toMatch(/The network alone does better: serial-oe on 00 \(AUC 1\.00 against 0\.50\)/);
});

it('a model without a network is compared with what it is not', async () => {
  const model = madeUpModel(BLIND, { systems: ['mel-statistics'] });
  const { evaluation, compared } = await compare([...TRAIN, ...TEST], model);
  expect(compared.map(({ system }) => system)).toEqual(['level']);
  const wins = whereOthersWin(
    evaluation,
    [{ system: 'level', isMember: false, summary: summaryOf(SEEING) }],
    {
      hasNetwork: false,
    },
  );
  expect(wins).toBe('As good as this model or better: level on 00 (AUC 1.00 against 0.50).');
});

it('clips that the model does not know are left out, and told', async () => {
  const other = [
    clip('other', { split: 'test', label: 'anomaly', machineType: 'pump' }),
    clip('o2', { split: 'test', machineId: '07' }),
  ];
  const { evaluation, compared } = await compare([...TRAIN, ...TEST, ...other]);
  expect(compared[0]!.summary.perId).toMatchObject([{ machineId: '00', nNormal: 4, nAnomalous: 4 }]);
  expect(evaluation.unknownMachineIds).toEqual({ '07': 1 });
});

it('an ID in another spelling is the same machine', async () => {
  const spelled = TRAIN.map((each) => ({ ...each, machineId: '0' }));
  const { compared } = await compare([...spelled, ...TEST]);
  expect(compared[0]!.summary.perId).toHaveLength(1);
});

it('without training clips there is no comparison, which is told', async () => {
  const { evaluation, compared, warnings } = await compare(TEST);
  expect(compared).toEqual([]);
  expect(warnings[0]).toMatch(/no comparison with mel-statistics: .*normal training clips of fan, got none/);
  expect(evaluationText(evaluation, compared, { hasNetwork: true })).not.toContain('this model');
});

it('a model that beats them is told no less', () => {
  const seeing = evaluationOf(SEEING);
  const blind = [{ system: 'level', isMember: false, summary: summaryOf(BLIND) }];
  const options = { hasNetwork: true };
  expect(whereOthersWin(seeing, blind, options)).toBeNull();
  expect(evaluationText(seeing, blind, options)).not.toContain('as good as');
  expect(comparisonSection(seeing, blind, options).text).toContain('beats them on every machine');
});

it('a clip that cannot be read ends the evaluation with its error', async () => {
  const broken = TEST.map((each, i) => (i === 2 ? { ...each, waveform: Float32Array.of(Number.NaN) } : each));
  await expect(compare([...TRAIN, ...broken])).rejects.toThrow(/t2\.wav/);
});
