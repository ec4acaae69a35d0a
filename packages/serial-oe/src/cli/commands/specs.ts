import type { CommandSpec, Flag } from '../arguments';

const HELP: Flag = { name: 'help', text: 'This page.' };
const QUIET: Flag = { name: 'quiet', text: 'No progress on stderr.' };
const BACKEND: Flag = {
  name: 'backend',
  value: 'wasm|cpu|node|webgpu',
  text: 'What computes: WebAssembly (default), plain JavaScript, libtensorflow or WebGPU; the last two if installed.',
};
const RUNTIME: Flag = {
  name: 'runtime',
  value: 'tfjs|onnx|onnx-web',
  text: 'What runs the network: tfjs (default) on a --backend, or onnxruntime-node or onnxruntime-web, if installed.',
};
const THREADS: Flag = {
  name: 'threads',
  value: 'N',
  text: 'Threads of the ONNX runtime; default 1. The result does not depend on it but for rounding.',
};
const RUNTIME_WEIGHTS: Flag = {
  name: 'weights',
  value: 'float32|float16',
  text: 'Weights that the ONNX runtime gets; default float32. float16 shows what a file with such weights does to the scores.',
};
const SCORE_WORKERS: Flag = {
  name: 'workers',
  value: 'N',
  text: 'Threads that score, each with a copy of the model. Default 1, and a second thread prepares spectrograms; 0: one thread does everything. The scores do not depend on it.',
};
const TRAIN_WORKERS: Flag = {
  name: 'workers',
  value: 'N',
  text: 'Threads that train, each on its share of every batch; default 1, 2 are nearly twice as fast on two cores. The same number gives the same model again.',
};
const MODEL: Flag = { name: 'model', value: 'MODEL', text: "The model's folder or .zip file." };
const DATA: Flag = {
  name: 'data',
  value: 'DIR|CSV',
  isRepeatable: true,
  text: 'Recordings; may be given more than once. See "Data" below.',
};
const DATA_NOTE =
  'Data: <type>/{train,test}/{normal,anomaly}_id_<NN>_<number>.wav (the layout of DCASE2020 Task 2), any folders named by ' +
  'type, ID, train/test and normal/anomaly, or a CSV file with the columns path, machineType, machineId, label, split.';

export const SYNTH: CommandSpec = {
  name: 'synth',
  summary: 'writes synthetic machine sounds, normal and faulty, to try things out',
  usage: '--out DIR [flags]',
  examples: [
    ['serial-oe synth --out sounds', 'six machine types, three machines each, in factory noise'],
    ['serial-oe synth --out hard --types fan,pump --snr 0 --severity 0.5', 'louder noise, fainter faults'],
  ],
  flags: [
    { name: 'out', value: 'DIR', text: 'Where to write; must be new or empty.' },
    {
      name: 'types',
      value: 'A,B,..',
      text: 'Machine types; default fan,pump,slider,valve,ToyCar,ToyConveyor.',
    },
    { name: 'ids', value: 'N', text: 'Machines a type; default 3.' },
    { name: 'train', value: 'N', text: 'Normal training clips a machine; default 10.' },
    { name: 'test', value: 'N', text: 'Normal test clips a machine, and as many anomalous ones; default 5.' },
    { name: 'snr', value: 'DB', text: 'Machine over factory noise, dB; default 6.' },
    {
      name: 'severity',
      value: 'S',
      text: 'How severe the faults are: 0 none, 1 (default) as a workshop finds them, 4 obvious.',
    },
    { name: 'seconds', value: 'S', text: 'Length of a clip; default 10.' },
    { name: 'seed', value: 'N', text: 'Default 0; the same seed writes the same sounds.' },
    { name: 'json', text: 'Prints what was written as JSON.' },
    QUIET,
    HELP,
  ],
};

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
    {
      name: 'preset',
      value: 'quick|paper|reference',
      text: 'Where the configuration starts; default quick.',
    },
    {
      name: 'config',
      value: 'FILE',
      text: 'JSON with changes to the preset, such as {"loss": {"alpha": 5}}.',
    },
    { name: 'epochs', value: 'N', text: 'Passes over the normal clips.' },
    { name: 'batch-size', value: 'N', text: 'Chunks a step, half of them normal; an even number.' },
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
      text: "timm's safetensors file of tf_efficientnet_b0, to start from ImageNet's weights.",
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

export const COMMANDS: readonly CommandSpec[] = [SYNTH, TRAIN, SCORE, EVALUATE, EXPORT, INSPECT];
