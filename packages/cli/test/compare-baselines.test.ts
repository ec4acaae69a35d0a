import { type Clip, loadMemoryClip, seededRandom } from '@serial-oe/datasets';
import { type ClipResult, summarize } from '@serial-oe/evaluation';
import type { Platform } from '@serial-oe/runtime';
import type { SerialOeEvaluation } from '@serial-oe/serial-oe';
import { compareBaselines } from '../src/evaluate/compare-baselines';
import { evaluationText } from '../src/evaluate/evaluation-text';
import { whereBaselinesWin } from '../src/evaluate/where-baselines-win';
import { baselinesSection } from '../src/evaluation-report/baselines-section';

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

/** An evaluation in which the model has the given scores. */
function evaluation(scores: readonly number[]): SerialOeEvaluation {
  const results = TEST.map(({ path, machineType, machineId, label }, i) => ({
    ...{ path, machineType, machineId, label, anomalyScore: scores[i]!, isAnomaly: false, threshold: 0 },
  }));
  const summary = summarize(results as ClipResult[]);
  return { machineType: 'fan', results, summary, decisions: [], unknownMachineIds: {}, nHeldOut: 0 };
}
const BLIND = evaluation([1, 2, 3, 4, 1, 2, 3, 4]);

async function compare(clips: readonly Clip[]) {
  const warnings: string[] = [];
  const baselines = await compareBaselines(BLIND, {
    dataset: { clips: [...clips], name: 'made up', warnings: [] },
    platform: { loadClip: loadMemoryClip } as unknown as Platform,
    signal: new AbortController().signal,
    onProgress: () => {},
    onWarning: (message) => warnings.push(message),
  });
  return { baselines, warnings };
}

it('a model is told beside systems without a network, on the same clips', async () => {
  const { baselines, warnings } = await compare([...TRAIN, ...TEST]);
  expect(warnings).toEqual([]);
  expect(baselines.map(({ system }) => system)).toEqual(['mel-statistics', 'level']);
  expect(baselines[0]!.summary.perId).toMatchObject([{ machineId: '00', nNormal: 4, nAnomalous: 4, auc: 1 }]);
  const text = evaluationText(BLIND, baselines);
  expect(text).toMatch(/this model +0\.5000/);
  expect(text).toMatch(/mel-statistics +1\.0000 +1\.0000 +1\.0000 +1\.0000/);
  expect(text).toMatch(
    /Without a network, as good as this model or better: mel-statistics on 00 \(AUC 1\.00 against 0\.50\)/,
  );
  const section = baselinesSection(BLIND, baselines);
  expect(section.text).toContain('mel-statistics on 00');
  expect(section.tables![0]!.rows.map(([name]) => name)).toEqual(['this model', 'mel-statistics', 'level']);
});

it('clips that the model was not evaluated on are left out', async () => {
  const other = [
    clip('other', { split: 'test', label: 'anomaly' }),
    clip('o2', { split: 'test', machineId: '07' }),
  ];
  const { baselines } = await compare([...TRAIN, ...TEST, ...other]);
  expect(baselines[0]!.summary.perId).toMatchObject([{ machineId: '00', nNormal: 4, nAnomalous: 4 }]);
});

it('an ID in another spelling is the same machine', async () => {
  const spelled = TRAIN.map((each) => ({ ...each, machineId: '0' }));
  const { baselines } = await compare([...spelled, ...TEST]);
  expect(baselines[0]!.summary.perId).toHaveLength(1);
});

it('without training clips there is no comparison, which is told', async () => {
  const { baselines, warnings } = await compare(TEST);
  expect(baselines).toEqual([]);
  expect(warnings[0]).toMatch(/no comparison with mel-statistics: .*normal training clips of fan, got none/);
  expect(evaluationText(BLIND, baselines)).toBe(evaluationText(BLIND));
});

it('a model that beats them is told no less', async () => {
  const seeing = evaluation([1, 1, 1, 1, 9, 9, 9, 9]);
  const blind = [{ system: 'level', summary: BLIND.summary }];
  expect(whereBaselinesWin(seeing, blind)).toBeNull();
  expect(evaluationText(seeing, blind)).not.toContain('as good as');
  expect(baselinesSection(seeing, blind).text).toContain('beats them on every machine');
});
