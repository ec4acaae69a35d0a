import type { BackendName } from '@serial-oe/runtime/node';
import type { PresetName } from '@serial-oe/serial-oe/config';
import { choiceFlag, integerFlag, listFlag, required, switchFlag, textFlag } from '../command/flag';

/** Names of `--weights`, where it says how an ONNX file holds them. */
export const WEIGHT_TYPES = ['float32', 'float16'] as const;

// The runtime's own list comes with tfjs.
const BACKENDS = ['wasm', 'cpu', 'node', 'webgpu'] as const satisfies readonly BackendName[];

export const QUIET = switchFlag('No progress on stderr.');
export const BACKEND = choiceFlag(
  BACKENDS,
  'What computes: WebAssembly (default), plain JavaScript, libtensorflow or WebGPU; the last two if installed.',
);
export const QUEUE = textFlag(
  'URL',
  'Has the trainings done by workers ("serial-oe worker") over a server: redis://host:6379, rediss://, valkey:// or postgres://user@host/database.',
);
export const QUEUE_NAME = textFlag('NAME', 'Of the queue, for several on one server; default serial-oe.');
export const RUNTIME = choiceFlag(
  ['tfjs', 'onnx', 'onnx-web'],
  'What runs the network: tfjs (default) on a --backend, or onnxruntime-node or onnxruntime-web, if installed.',
);
export const THREADS = integerFlag(
  'N',
  'Threads of the ONNX runtime; default 1. The result does not depend on it but for rounding.',
  { min: 1 },
);
export const RUNTIME_WEIGHTS = choiceFlag(
  WEIGHT_TYPES,
  'Weights that the ONNX runtime gets; default float32. float16 shows what a file with such weights does to the scores.',
);
export const SCORE_WORKERS = integerFlag(
  'N',
  'Threads that score, each with a copy of the model. Default 1, and a second thread prepares spectrograms; 0: one thread does everything. The scores do not depend on it.',
  { min: 0 },
);
export const MODEL = required(textFlag('MODEL', "The model's folder, or its .serialoe or .zip file."));
export const DATA = listFlag('DIR|CSV', 'Recordings; may be given more than once. See "Data" below.');
export const DATA_NOTE =
  'Data: <type>/{train,test}/{normal,anomaly}_id_<NN>_<number>.wav (the layout of DCASE2020 Task 2), any folders named by ' +
  'type, ID, train/test and normal/anomaly (or ok/nok, good/defect and many more words), or a CSV file with the columns path, machineType, ' +
  'machineId, label, split. DCASE 2020 to 2026, MIMII, ToyADMOS and MVTec are read as they unpack. What was understood is shown first; names ' +
  'that would train a faulty or held-out recording as a normal one are refused.';
/** In the order in which they are shown. */
export const PRESET_NAMES = ['quick', 'paper', 'reference'] as const satisfies readonly PresetName[];
export const PRESET = choiceFlag(PRESET_NAMES, 'Where the configuration starts; default quick.');
export const EPOCHS = integerFlag('N', 'Passes over the normal clips.', { min: 1 });
export const BATCH_SIZE = integerFlag('N', 'Chunks a step, half of them normal; an even number.', { min: 2 });
