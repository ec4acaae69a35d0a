import type { CommandSpec } from '../../arguments';
import {
  BACKEND,
  DATA,
  DATA_NOTE,
  HELP,
  MODEL,
  QUIET,
  RUNTIME,
  RUNTIME_WEIGHTS,
  SCORE_WORKERS,
  THREADS,
} from './shared-flags';

export const SCORE: CommandSpec = {
  name: 'score',
  summary: 'says of recordings how anomalous they sound',
  usage: '--model MODEL [flags] FILE|DIR ...',
  examples: [
    ['serial-oe score --model fan-model recording.wav --machine-id 00', 'one recording of machine 00'],
    [
      'serial-oe score --model fan-model --csv new-recordings > scores.csv',
      'a folder; IDs from the names of files or folders',
    ],
  ],
  flags: [
    MODEL,
    {
      name: 'machine-id',
      value: 'ID',
      text: "The machine that is heard. Default: the ID in the file's name, the folder named by one, or the model's only one.",
    },
    { name: 'json', text: 'Prints an array of objects.' },
    { name: 'csv', text: 'Prints CSV: path,machineId,anomalyScore,isAnomaly,threshold.' },
    RUNTIME,
    BACKEND,
    SCORE_WORKERS,
    THREADS,
    RUNTIME_WEIGHTS,
    QUIET,
    HELP,
  ],
  notes: [
    "A higher score is more anomalous; a clip counts as anomalous where its score is above its machine's threshold. " +
      'A recording that cannot be scored is named on stderr, the others are scored, and the exit code is 1.',
  ],
};

export const EVALUATE: CommandSpec = {
  name: 'evaluate',
  summary: 'measures a model on test clips: AUC, pAUC, aAUC, mAUC',
  usage: '--model MODEL --data DIR [flags]',
  examples: [
    ['serial-oe evaluate --model fan-model --data sounds', 'a table'],
    [
      'serial-oe evaluate --model fan-model --data sounds --report report.html',
      'and a page with ROC curves, histograms, spectrograms',
    ],
  ],
  flags: [
    MODEL,
    DATA,
    { name: 'max-fpr', value: 'R', text: 'Highest false-positive rate of pAUC; default 0.1.' },
    { name: 'report', value: 'FILE', text: 'Writes a self-contained HTML page.' },
    { name: 'json', text: 'Prints everything as JSON, every clip included.' },
    RUNTIME,
    BACKEND,
    SCORE_WORKERS,
    THREADS,
    RUNTIME_WEIGHTS,
    QUIET,
    HELP,
  ],
  notes: [
    'aAUC is the mean of AUC and pAUC; mAUC is the lowest AUC of the machine IDs; hAUC is the harmonic mean of all their AUC and pAUC. ' +
      '"pooled" is one ROC curve over the clips of all IDs. "found" and "false alarms" are the shares of anomalous and normal clips above the threshold.',
    DATA_NOTE,
  ],
};

export const EXPORT: CommandSpec = {
  name: 'export',
  summary: "writes a model's network as an ONNX file, for other runtimes",
  usage: '--model MODEL --out FILE [flags]',
  examples: [
    ['serial-oe export --model fan-model --out fan.onnx', 'weights in float32'],
    ['serial-oe export --model fan-model --out fan.onnx --weights float16', 'half the size'],
  ],
  flags: [
    MODEL,
    { name: 'out', value: 'FILE', text: 'The file to write; must be new.' },
    {
      name: 'weights',
      value: 'float32|float16',
      text: 'How the file holds the weights; default float32. The arithmetic is float32 either way.',
    },
    { name: 'overwrite', text: 'Replaces FILE if it exists.' },
    { name: 'json', text: 'Prints what was written as JSON.' },
    HELP,
  ],
  notes: [
    'The file takes mel spectrograms, [batch, 1, mels, frames], and gives embeddings; its metadata says how the spectrograms are made. ' +
      'The mixtures that turn embeddings into scores stay in MODEL: "serial-oe score --runtime onnx" uses both.',
  ],
};

export const INSPECT: CommandSpec = {
  name: 'inspect',
  summary: 'shows what a model is and how it was made',
  usage: '[--json] MODEL',
  examples: [['serial-oe inspect fan-model', 'its machines, thresholds, configuration and history']],
  flags: [{ name: 'json', text: 'Prints everything as JSON.' }, HELP],
};
