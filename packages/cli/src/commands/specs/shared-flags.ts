import type { Flag } from '../../arguments';

export const HELP: Flag = { name: 'help', text: 'This page.' };
export const QUIET: Flag = { name: 'quiet', text: 'No progress on stderr.' };
export const BACKEND: Flag = {
  name: 'backend',
  value: 'wasm|cpu|node|webgpu',
  text: 'What computes: WebAssembly (default), plain JavaScript, libtensorflow or WebGPU; the last two if installed.',
};
export const RUNTIME: Flag = {
  name: 'runtime',
  value: 'tfjs|onnx|onnx-web',
  text: 'What runs the network: tfjs (default) on a --backend, or onnxruntime-node or onnxruntime-web, if installed.',
};
export const THREADS: Flag = {
  name: 'threads',
  value: 'N',
  text: 'Threads of the ONNX runtime; default 1. The result does not depend on it but for rounding.',
};
export const RUNTIME_WEIGHTS: Flag = {
  name: 'weights',
  value: 'float32|float16',
  text: 'Weights that the ONNX runtime gets; default float32. float16 shows what a file with such weights does to the scores.',
};
export const SCORE_WORKERS: Flag = {
  name: 'workers',
  value: 'N',
  text: 'Threads that score, each with a copy of the model. Default 1, and a second thread prepares spectrograms; 0: one thread does everything. The scores do not depend on it.',
};
export const TRAIN_WORKERS: Flag = {
  name: 'workers',
  value: 'N',
  text: 'Threads that train, each on its share of every batch; default 1, 2 are nearly twice as fast on two cores. The same number gives the same model again.',
};
export const MODEL: Flag = { name: 'model', value: 'MODEL', text: "The model's folder or .zip file." };
export const DATA: Flag = {
  name: 'data',
  value: 'DIR|CSV',
  isRepeatable: true,
  text: 'Recordings; may be given more than once. See "Data" below.',
};
export const DATA_NOTE =
  'Data: <type>/{train,test}/{normal,anomaly}_id_<NN>_<number>.wav (the layout of DCASE2020 Task 2), any folders named by ' +
  'type, ID, train/test and normal/anomaly, or a CSV file with the columns path, machineType, machineId, label, split.';
export const PRESET: Flag = {
  name: 'preset',
  value: 'quick|paper|reference',
  text: 'Where the configuration starts; default quick.',
};
export const EPOCHS: Flag = { name: 'epochs', value: 'N', text: 'Passes over the normal clips.' };
export const BATCH_SIZE: Flag = {
  name: 'batch-size',
  value: 'N',
  text: 'Chunks a step, half of them normal; an even number.',
};
