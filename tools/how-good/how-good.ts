/**
 * How good is which system, by the number of normal clips: the table of docs/how-good.md.
 *
 *     npm run build
 *     npm run how-good -- --data DIR [--data DIR ..] --machine-type T [--clips 5,10,20,all] [--seeds 5] [--network]
 *         [--alone] [--weights FILE] [--config JSON]
 *
 * A machine type without test anomalies gets faults made up in a third of its normal clips (`injectFaults`). For each number of clips
 * and each seed, other clips of each machine are drawn; all systems train and score the same ones. Rows: mean aAUC over the machines
 * that have at least 3 normal and 3 anomalous test clips, and a 95 % interval of the mean over the seeds (Student's t).
 *
 * --network adds Serial-OE to the ensemble; --alone measures nothing else. --weights are its start weights, --config changes to its
 * preset `quick`, such as '{"frontEnd":{"furtherNFfts":[512]}}'.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
import { type Clip, injectFaults, mergeDatasets, seededRandom, splitValidation } from '@serial-oe/datasets';
import { loadClip, scanDataset } from '@serial-oe/datasets/node';
import { averageAuc, pairedDifference, rocAuc } from '@serial-oe/evaluation';
import { shuffled } from '@serial-oe/foundation';
import { type AsdSystem, type ClipScorer, createEnsemble } from '@serial-oe/runtime';
import { createNodePlatform, startBackend } from '@serial-oe/runtime/node';
import { PRETRAINED_FILE, serialOeSystem } from '@serial-oe/serial-oe';

const SEVERITIES_DB = [-20, -10];
const HELD_OUT = 0.35;
const MAX_FAULTY_CLIPS = 8;
const MIN_OF_EACH_CLASS = 3;
const STATISTICS = [melStatistics, modulationStatistics, level] as readonly AsdSystem[];

interface Figure {
  nClips: string;
  seed: number;
  /** aAUC in percent of each system. */
  aAuc: Record<string, number>;
  falseAlarmRate: number;
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    'machine-type': { type: 'string' },
    clips: { type: 'string', default: '5,10,20,all' },
    seeds: { type: 'string', default: '5' },
    network: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
    weights: { type: 'string' },
    config: { type: 'string', default: '{}' },
  },
});
const machineType = values['machine-type'];
if (!values.data || !machineType) {
  throw new Error('how-good: --data DIR and --machine-type T must be given.');
}
const withNetwork = values.network || values.alone;
if (withNetwork) await startBackend('wasm');
const startFrom =
  values.weights && new Map([[PRETRAINED_FILE, new Uint8Array(readFileSync(values.weights))]]);
const { train, test } = await readSet(values.data, machineType);
const systems = [...(withNetwork ? [serialOeSystem as AsdSystem] : []), ...(values.alone ? [] : STATISTICS)];
const figures: Figure[] = [];
for (const nClips of values.clips.split(',')) {
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    figures.push({ nClips, seed, ...(await measure(systems, { nClips, seed })) });
    console.error(JSON.stringify(figures.at(-1)));
  }
}
console.log(tableOf(figures));

/** Normal clips to train with, and test clips with anomalies, recorded or made up; waveforms in memory. */
async function readSet(folders: readonly string[], type: string): Promise<{ train: Clip[]; test: Clip[] }> {
  const { clips } = mergeDatasets(folders.map((folder) => scanDataset(folder)));
  const normal = await inMemory(clips.filter(({ split, label }) => split === 'train' && label === 'normal'));
  const test = await inMemory(clips.filter((clip) => clip.split === 'test' && clip.machineType === type));
  if (test.some(({ label }) => label === 'anomaly')) return { train: normal, test };
  const target = normal.filter((clip) => clip.machineType === type);
  const { train, validation } = splitValidation(target, {
    fraction: HELD_OUT,
    random: seededRandom(0, 'how-good'),
  });
  const machineIds = [...new Set(validation.map(({ machineId }) => machineId))];
  const faulty = machineIds
    .flatMap((id) => validation.filter(({ machineId }) => machineId === id).slice(0, MAX_FAULTY_CLIPS))
    .flatMap(withFaults);
  return {
    train: [...train, ...normal.filter((clip) => clip.machineType !== type)],
    test: [...validation, ...faulty],
  };
}

async function inMemory(clips: readonly Clip[]): Promise<Clip[]> {
  const read: Clip[] = [];
  for (const clip of clips) read.push({ ...clip, ...(await loadClip(clip)) });
  return read;
}

function withFaults(clip: Clip): Clip[] {
  const options = { sampleRate: clip.sampleRate!, severitiesDb: SEVERITIES_DB, seed: 0, name: clip.path };
  return [...injectFaults(clip.waveform!, options)].map(({ kind, severityDb, waveform }) => ({
    ...clip,
    ...{ waveform, label: 'anomaly', split: 'test', path: `${clip.path} ${kind} ${severityDb}` },
  }));
}

async function measure(
  members: readonly AsdSystem[],
  { nClips, seed }: { nClips: string; seed: number },
): Promise<Pick<Figure, 'aAuc' | 'falseAlarmRate'>> {
  const ensemble = createEnsemble({ name: 'ensemble', members });
  const scorer = await ensemble.train(
    {
      ...{ clips: draw(nClips, seed), target: { machineType: machineType! }, checkpoint: null },
      config: ensemble.resolveConfig(withNetwork ? 'quick' : undefined, {
        seed,
        ...(withNetwork && { members: { [serialOeSystem.name]: JSON.parse(values.config) } }),
      }),
      ...(startFrom && { startFrom }),
      onProgress: () => {},
    },
    {
      ...createNodePlatform(),
      loadClip: async ({ waveform, sampleRate }) => ({ waveform: waveform!, sampleRate: sampleRate! }),
    },
  );
  try {
    return await scoreAll(scorer);
  } finally {
    scorer.dispose();
  }
}

/** So many clips of each machine of the type, and all of the others. */
function draw(nClips: string, seed: number): Clip[] {
  const isTarget = (clip: Clip) => clip.machineType === machineType;
  const machineIds = [...new Set(train.filter(isTarget).map(({ machineId }) => machineId))];
  const drawn = machineIds.flatMap((id) => {
    const own = shuffled(
      train.filter((clip) => isTarget(clip) && clip.machineId === id),
      seededRandom(seed, id),
    );
    return nClips === 'all' ? own : own.slice(0, Number(nClips));
  });
  return [...drawn, ...train.filter((clip) => !isTarget(clip))];
}

async function scoreAll(scorer: ClipScorer): Promise<Pick<Figure, 'aAuc' | 'falseAlarmRate'>> {
  const scored: { machineId: string; label: number; isAnomaly: boolean; scores: Record<string, number> }[] =
    [];
  for (const { machineId, label, waveform, sampleRate } of test) {
    if (!scorer.machineIds.includes(machineId)) continue;
    const { anomalyScore, members, isAnomaly } = await scorer.score(waveform!, {
      sampleRate: sampleRate!,
      machineId,
    });
    const scores = { ensemble: anomalyScore, ...members };
    scored.push({ machineId, label: label === 'anomaly' ? 1 : 0, isAnomaly, scores });
  }
  const machineIds = [...new Set(scored.map(({ machineId }) => machineId))].filter((id) =>
    [0, 1].every(
      (label) =>
        scored.filter((each) => each.machineId === id && each.label === label).length >= MIN_OF_EACH_CLASS,
    ),
  );
  const aAucOf = (system: string) =>
    machineIds.reduce((sum, id) => {
      const own = scored.filter((each) => each.machineId === id);
      const [labels, scores] = [
        own.map(({ label }) => label as 0 | 1),
        own.map((each) => each.scores[system]!),
      ];
      const figure = { auc: rocAuc(labels, scores), pAuc: rocAuc(labels, scores, { maxFpr: 0.1 }) };
      return sum + (100 * averageAuc(figure)) / machineIds.length;
    }, 0);
  const names = Object.keys(scored[0]?.scores ?? {});
  const normal = scored.filter(({ label }) => label === 0);
  return {
    aAuc: Object.fromEntries(names.map((name) => [name, aAucOf(name)])),
    falseAlarmRate: normal.filter(({ isAnomaly }) => isAnomaly).length / normal.length,
  };
}

/** Markdown: a row a number of clips, a column a system. */
function tableOf(all: readonly Figure[]): string {
  const names = Object.keys(all[0]!.aAuc);
  const rows = [...new Set(all.map(({ nClips }) => nClips))].map((nClips) => {
    const own = all.filter((each) => each.nClips === nClips);
    const cells = names.map((name) => interval(own.map(({ aAuc }) => aAuc[name]!)));
    const falseAlarms = own.reduce((sum, each) => sum + each.falseAlarmRate / own.length, 0);
    return [nClips, ...cells, `${(100 * falseAlarms).toFixed(0)} %`];
  });
  const heading = ['clips', ...names, 'false alarms'];
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function interval(figures: readonly number[]): string {
  const mean = figures.reduce((sum, figure) => sum + figure / figures.length, 0);
  if (figures.length < 2) return mean.toFixed(1);
  const { lower, upper } = pairedDifference(
    figures,
    figures.map(() => 0),
  );
  return `${mean.toFixed(1)} ± ${((upper - lower) / 2).toFixed(1)}`;
}
