// Which detection system for my machines? Several on the same clips: AUC with intervals of the differences, what each costs, and a report.
// npm start -w examples/compare-systems [-- FOLDER]     recordings with labelled test clips, as docs/datasets.md says
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { autoencoder, level, melStatistics, modulationStatistics, twfrGmm } from '@serial-oe/baselines';
import { scanDataset, writeMachineSounds } from '@serial-oe/datasets/node';
import {
  cellText,
  costsTable,
  differencesTable,
  type Experiment,
  inlineQueue,
  resultsTable,
  runExperiments,
} from '@serial-oe/experiments';
import { createEnsemble, useBackend } from '@serial-oe/runtime';

const BACKEND = 'wasm'; // for the network among them

const [folder] = process.argv.slice(2);
const outFolder = resolve('output');
await rm(outFolder, { recursive: true, force: true });
const sounds = folder ? resolve(process.env.INIT_CWD ?? '.', folder) : resolve(outFolder, 'sounds');
if (!folder) {
  await writeMachineSounds(sounds, {
    ...{
      machineTypes: ['fan', 'valve'],
      nIds: 2,
      nTrain: 20,
      nTest: 16,
      durationSeconds: 3,
      snrDb: 3,
      seed: 4,
    },
  });
}

// The first is what the others are compared with: three systems as one, anomalous where any of them says so.
const ensemble = createEnsemble({ name: 'ensemble', members: [melStatistics, modulationStatistics, level] });
const systems = [ensemble, melStatistics, modulationStatistics, twfrGmm, autoencoder];
const experiment: Experiment = {
  name: 'compare-systems',
  title: 'Detection systems on the same clips',
  question: 'Which system tells faults of these machines best, and at what cost?',
  variants: systems.map(({ name }) => ({
    ...{ id: name, title: name, system: name, scoring: {} },
    training: { config: {}, isPretrained: false },
  })),
};

await useBackend(BACKEND);
const [results] = await runExperiments([experiment], {
  ...{ systems, dataset: scanDataset(sounds), outFolder, seeds: [0] },
  queue: inlineQueue({ backend: BACKEND }), // processQueue({ workers: 4, .. }) on more cores, bullQueue on more machines
  setups: { autoencoder: { config: { optimization: { nEpochs: 5 } } } }, // an eighth of its preset, quick: seconds
});
if (results === undefined) throw new Error('Another share of the jobs is not finished.'); // only with `shard`

const auc = resultsTable(results, 'auc');
print(
  ['AUC, %', ...auc.columns],
  auc.rows.map(({ title, cells }) => [title, ...cells.map(cellText)]),
);

// Two systems hear the same clips, so that their difference is known better than either figure.
const overall = results.differences.filter(({ machineType }) => machineType === null);
const differences = differencesTable(results, overall);
const [title, base, points, clips] = ['Variant', 'minus', 'points', 'over test clips'].map((name) =>
  differences.columns.indexOf(name),
);
print(
  ['mean of AUC and pAUC', 'minus', 'points', '95 % interval'],
  differences.rows.map((row) => [row[title!]!, row[base!]!, row[points!]!, row[clips!]!]),
);

const { columns, rows } = costsTable(results);
print(columns, rows);
for (const { variant, reason } of results.failures) console.log(`${variant} was not measured: ${reason}`);
console.log(`Wrote ${resolve(outFolder, experiment.name, 'report.html')}`);

function print(head: readonly string[], body: readonly (readonly string[])[]): void {
  const widths = head.map((name, j) => Math.max(name.length, ...body.map((row) => row[j]!.length)));
  for (const row of [head, ...body]) {
    const cells = row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]! + 2)));
    console.log(cells.join(''));
  }
  console.log();
}
