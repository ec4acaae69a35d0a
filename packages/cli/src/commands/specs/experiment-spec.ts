import { REFERENCE_DIFFERENCES } from '@serial-oe/serial-oe';
import type { CommandSpec } from '../../arguments';
import { BACKEND, BATCH_SIZE, DATA, DATA_NOTE, EPOCHS, HELP, PRESET, QUIET } from './shared-flags';

const NAMES = REFERENCE_DIFFERENCES.filter(({ kind }) => kind !== 'choice')
  .map(({ name }) => name)
  .join(', ');

export const EXPERIMENT: CommandSpec = {
  name: 'experiment',
  summary: 'makes a table or figure of the paper on your data: many trainings, measured side by side',
  usage:
    '<main|id-loss|ablation|no-id|few-anomalies|contamination|embedding|detectors|aggregators|all> --data DIR [flags]',
  examples: [
    ['serial-oe synth --out sounds --ids 3 --train 24 --test 28', 'sounds to try it on'],
    ['serial-oe experiment id-loss --data sounds --types fan --seeds 3', 'four ID losses, minutes each'],
    [
      'serial-oe experiment main --data dcase2020 --preset paper --weights b0.safetensors --workers 4',
      "Tables 1 and 2, the paper's figures beside yours",
    ],
    ['serial-oe experiment all --data sounds --dry-run', 'what would be done, and nothing else'],
  ],
  flags: [
    DATA,
    {
      name: 'out',
      value: 'DIR',
      text: 'Where runs and results are kept; default experiments. Runs are shared between experiments.',
    },
    {
      name: 'types',
      value: 'A,B,..',
      text: 'Machine types to measure; default all that the labels allow. The others still serve as outliers.',
    },
    { name: 'seeds', value: 'N', text: 'Trainings of each variant, with the seeds 0 to N - 1; default 5.' },
    PRESET,
    { name: 'config', value: 'FILE', text: 'JSON with changes to the preset, for every variant.' },
    {
      name: 'reference',
      value: 'NAME,..',
      text: `Single differences of the published code on top of the preset (docs/parity.md); --preset reference has all of them. ${NAMES}.`,
    },
    EPOCHS,
    BATCH_SIZE,
    {
      name: 'weights',
      value: 'FILE',
      text: "ImageNet's weights to start from (docs/pretrained.md). Without them every network starts at random, and ablation has four variants less.",
    },
    {
      name: 'counts',
      value: 'A,B,..',
      text: 'few-anomalies and contamination: numbers of anomalies an ID; default 0,1,2,4,8,16,32. The largest leaves the test at every point.',
    },
    {
      name: 'workers',
      value: 'N',
      text: 'Trainings side by side, each a process with its own memory; default 1.',
    },
    BACKEND,
    { name: 'dry-run', text: 'Lists the trainings and their number of steps, and stops.' },
    { name: 'json', text: 'Prints the results as JSON.' },
    QUIET,
    HELP,
  ],
  notes: [
    'Writes OUT/<name>/report.html, results.csv and results.json, and keeps every training in OUT/runs. Finished ones are not done again: ' +
      'the same command after Ctrl-C (or a crash) goes on, with a training that was under way from its last epoch. "all" makes all nine and trains what they share once.',
    'main: the whole method (Tables 1, 2). id-loss: four losses for the machine ID (Table 3). ablation: L_type, pretrained weights and Mixup, on and off (Table 4). ' +
      'no-id: without machine IDs (Table 5). few-anomalies: known anomalies in training (Fig. 4). contamination: the same ones hidden among the normal clips (Fig. 5). ' +
      'embedding: t-SNE maps (Fig. 3). detectors, aggregators: other ways from the same embeddings to a score.',
    DATA_NOTE,
  ],
};
