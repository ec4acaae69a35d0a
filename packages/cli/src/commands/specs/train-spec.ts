import { REFERENCE_DIFFERENCES } from '@serial-oe/serial-oe';
import type { CommandSpec } from '../../arguments';
import {
  BACKEND,
  BATCH_SIZE,
  DATA,
  DATA_NOTE,
  EPOCHS,
  HELP,
  PRESET,
  QUIET,
  TRAIN_WORKERS,
} from './shared-flags';

const CONFIG_DIFFERENCES = REFERENCE_DIFFERENCES.filter(({ kind }) => kind === 'config')
  .map(({ name }) => name)
  .join(', ');

export const TRAIN: CommandSpec = {
  name: 'train',
  summary: 'learns what the machines of one type sound like when all is well',
  usage: '--data DIR --machine-type T --out MODEL [flags]',
  examples: [
    [
      'serial-oe train --data sounds --machine-type fan --out fan-model',
      'minutes, on spectrograms of half size',
    ],
    [
      'serial-oe train --data dcase2020 --machine-type pump --preset paper --out pump-model',
      'every constant of the paper; hours on a CPU',
    ],
    [
      'serial-oe train --data sounds --machine-type fan --out fan-model --resume',
      'goes on with a run that was stopped',
    ],
  ],
  flags: [
    DATA,
    {
      name: 'machine-type',
      value: 'T',
      text: 'The type to watch; the other types in the data serve as outliers.',
    },
    { name: 'out', value: 'MODEL', text: "The model's folder; must be new." },
    PRESET,
    {
      name: 'reference',
      value: 'NAME[,NAME]',
      text: `Single differences of the published code on top of the preset and of --config: ${CONFIG_DIFFERENCES}.`,
    },
    {
      name: 'config',
      value: 'FILE',
      text: 'JSON with changes to the preset, such as {"loss": {"alpha": 5}}.',
    },
    EPOCHS,
    BATCH_SIZE,
    {
      name: 'micro-batch',
      value: 'N|auto',
      text: 'Chunks that pass through the network at once on each thread, to save memory; must cut the batch into equal parts. BatchNorm then uses the statistics of each part. Default auto: the whole batch, or less where it would not fit into the 4 GB of the WASM backend; that is reported.',
    },
    { name: 'seed', value: 'N', text: 'Default 0; the same seed gives the same model on the same backend.' },
    BACKEND,
    TRAIN_WORKERS,
    {
      name: 'weights',
      value: 'FILE',
      text: "ImageNet's weights to start from: timm's safetensors file of tf_efficientnet_b0, or what weights import made of it.",
    },
    {
      name: 'known-anomalies',
      value: 'N|DIR',
      text: 'Known anomalies to train with: N of the test anomalies of each ID (evaluate then leaves them out), or a folder.',
    },
    {
      name: 'held-out-anomalies',
      value: 'N',
      text: 'Test anomalies of each ID that evaluate leaves out; give the same number to models you compare. Default: as many as known.',
    },
    {
      name: 'resume',
      text: 'Goes on from the checkpoint beside MODEL, if there is one, to the same result.',
    },
    { name: 'restart', text: 'Throws that checkpoint away and starts over.' },
    { name: 'overwrite', text: 'Replaces MODEL if it exists.' },
    { name: 'json', text: 'Prints the result as JSON.' },
    QUIET,
    HELP,
  ],
  notes: [
    'Ctrl-C saves a checkpoint in MODEL.checkpoint and stops; a second Ctrl-C stops at once. A checkpoint is also written about every minute.',
    DATA_NOTE,
  ],
};
