/**
 * Does a model get better by faults that were met in use? The tables of docs/getting-better.md.
 *
 *     npm run getting-better -- [--severity 1] [--seeds 3] [--known 0,1,4] [--config JSON] [--scores FILE]
 *     npm run getting-better -- --data DIR [--data DIR ..] --machine-type T ..
 *
 * For each seed the ensemble of `train` is trained, and tuned further with so many known anomalies of each machine (0: it goes on
 * without any), out of one pool an ID that no model is tested on. Rows: mean AUC over the machines, of the network alone and of the
 * ensemble, and the difference from the model before tuning with a 95 % interval over the seeds (Student's t). Without --data the
 * recordings are synthetic fans, other ones for each seed. --scores keeps every score as JSON lines.
 */

import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
import {
  type Clip,
  type Dataset,
  mergeDatasets,
  synthesizeMachineSounds,
  withKnownAnomalies,
} from '@serial-oe/datasets';
import { loadClip, scanDataset } from '@serial-oe/datasets/node';
import { pairedDifference, rocAuc } from '@serial-oe/evaluation';
import { type AsdSystem, type ClipScorer, createEnsemble } from '@serial-oe/runtime';
import { createNodePlatform, startBackend } from '@serial-oe/runtime/node';
import { serialOeSystem } from '@serial-oe/serial-oe';

const POOL = 4;
/** Machines of fewer faults beside the pool are not tested on. */
const MIN_FAULTY = 3;
const N_CLIPS = { train: 16, test: 20 };

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    'machine-type': { type: 'string', default: 'fan' },
    severity: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '3' },
    known: { type: 'string', default: '0,1,4' },
    config: { type: 'string', default: '{}' },
    tuning: { type: 'string', default: '{}' },
    scores: { type: 'string' },
  },
});
const machineType = values['machine-type'];
const target = { machineType };
const members = [serialOeSystem, melStatistics, modulationStatistics, level] as readonly AsdSystem[];
const ensemble = createEnsemble({ name: 'ensemble', members });
const platform = createNodePlatform();

interface Figure {
  seed: number;
  /** Known anomalies of each machine; null before tuning. */
  nKnown: number | null;
  /** Mean over the machines. */
  auc: { network: number; ensemble: number };
}

await startBackend('wasm');
const figures: Figure[] = [];
for (let seed = 1; seed <= Number(values.seeds); seed++) {
  const dataset = await readSet(seed);
  const config = ensemble.resolveConfig('quick', {
    seed,
    members: { [serialOeSystem.name]: JSON.parse(values.config) },
  });
  const known = (nPerId: number) =>
    withKnownAnomalies(dataset, { machineType, nPerId, nHeldOut: POOL, seed }).dataset.clips;
  const job = { target, checkpoint: null, onProgress: () => {} };
  const trained = await ensemble.train({ ...job, clips: known(0), config }, platform);
  await record(trained, known(0), { seed, nKnown: null });
  const startFrom = await trained.toFiles();
  trained.dispose();
  for (const nKnown of values.known.split(',').map(Number)) {
    const clips = known(nKnown);
    const changes = { members: { [serialOeSystem.name]: JSON.parse(values.tuning) } };
    const tuning = ensemble.finetuneConfig!(config, changes);
    const tuned = await ensemble.train({ ...job, clips, config: tuning, startFrom }, platform);
    await record(tuned, clips, { seed, nKnown });
    tuned.dispose();
  }
}
console.log(tableOf(figures));

/** In memory, since every model reads them. */
async function readSet(seed: number): Promise<Dataset> {
  if (values.data === undefined) {
    const { train: nTrain, test: nTest } = N_CLIPS;
    const types = ['fan', 'pump', 'valve'] as const;
    const severity = Number(values.severity);
    return {
      clips: synthesizeMachineSounds({ machineTypes: types, nIds: 2, nTrain, nTest, severity, seed }).filter(
        (clip) => clip.split === 'train' || clip.machineType === machineType,
      ),
    };
  }
  const { clips } = mergeDatasets(values.data.map((folder) => scanDataset(folder)));
  const isFaulty = (clip: Clip) => clip.label === 'anomaly' && clip.machineType === machineType;
  const nFaulty = (id: string) => clips.filter((clip) => isFaulty(clip) && clip.machineId === id).length;
  const used = clips.filter(
    (clip) =>
      clip.split === 'train' ||
      (clip.machineType === machineType && nFaulty(clip.machineId) > POOL + MIN_FAULTY),
  );
  const read: Clip[] = [];
  for (const clip of used) read.push({ ...clip, ...(await loadClip(clip)) });
  return { clips: read };
}

async function record(
  scorer: ClipScorer,
  clips: readonly Clip[],
  { seed, nKnown }: Pick<Figure, 'seed' | 'nKnown'>,
): Promise<void> {
  const scored: { machineId: string; label: 0 | 1; network: number; ensemble: number }[] = [];
  for (const { machineType: type, machineId, label, split, waveform, sampleRate, path } of clips) {
    if (type !== machineType || split !== 'test' || !scorer.machineIds.includes(machineId)) continue;
    const score = await scorer.score(waveform!, { sampleRate: sampleRate!, machineId });
    const { anomalyScore, members: each } = score;
    const network = each![serialOeSystem.name]!;
    scored.push({ machineId, label: label === 'anomaly' ? 1 : 0, network, ensemble: anomalyScore });
    if (values.scores !== undefined) {
      const line = { seed, nKnown, machineId, path, label, threshold: score.threshold, members: each };
      appendFileSync(values.scores, `${JSON.stringify(line)}\n`);
    }
  }
  const machineIds = [...new Set(scored.map(({ machineId }) => machineId))].filter((id) =>
    [0, 1].every((label) => scored.some((each) => each.machineId === id && each.label === label)),
  );
  const aucOf = (system: 'network' | 'ensemble') =>
    machineIds.reduce((sum, id) => {
      const own = scored.filter((each) => each.machineId === id);
      const auc = rocAuc(
        own.map(({ label }) => label),
        own.map((each) => each[system]),
      );
      return sum + (100 * auc) / machineIds.length;
    }, 0);
  figures.push({ seed, nKnown, auc: { network: aucOf('network'), ensemble: aucOf('ensemble') } });
  console.error(JSON.stringify(figures.at(-1)));
}

/** Markdown: a row before tuning, and one a number of known anomalies. */
function tableOf(all: readonly Figure[]): string {
  const of = (nKnown: number | null, system: 'network' | 'ensemble') =>
    all.filter((each) => each.nKnown === nKnown).map(({ auc }) => auc[system]);
  const rows = [...new Set(all.map(({ nKnown }) => nKnown))].map((nKnown) => {
    const cells = (['network', 'ensemble'] as const).flatMap((system) => [
      mean(of(nKnown, system)).toFixed(1),
      nKnown === null ? '' : differenceOf(of(null, system), of(nKnown, system)),
    ]);
    return [nKnown === null ? 'before' : String(nKnown), ...cells];
  });
  const heading = ['known anomalies a machine', 'network', 'difference', 'ensemble', 'difference'];
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function differenceOf(before: readonly number[], after: readonly number[]): string {
  const signed = (value: number) => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
  const differences = after.map((value, i) => value - before[i]!);
  if (differences.length < 2) return signed(mean(differences));
  const { lower, upper } = pairedDifference(after, before);
  return `${signed(mean(differences))} (${signed(lower)} to ${signed(upper)})`;
}

function mean(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure / figures.length, 0);
}
