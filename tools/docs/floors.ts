/** The floors of the house, the lowest first. An import goes down; on a floor nobody imports a neighbour. */
export const FLOORS: readonly (readonly string[])[] = [
  ['foundation'],
  ['safetensors', 'aggregator', 'report'],
  [
    'audio-features',
    'gmm',
    'detectors',
    'losses-mixup',
    'optimizers',
    'efficientnet-extractor',
    'onnx',
    'decision',
  ],
  ['datasets', 'wasm-kernels', 'evaluation'],
  ['runtime'],
  ['training', 'monitor', 'explain'],
  ['serial-oe', 'baselines', 'experiments'],
  ['cli'],
];
