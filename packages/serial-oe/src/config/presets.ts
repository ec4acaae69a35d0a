import type { PresetName, SerialOeConfig } from './config';
import { mergeConfig } from './merge-config';
import { REFERENCE_DIFFERENCES } from './reference-differences';

/** The paper: every constant as printed (docs/method.md lists them with their source). */
const PAPER: SerialOeConfig = {
  preset: 'paper',
  seed: 0,
  useMachineIds: true,
  frontEnd: {
    sampleRate: 16000,
    chunkSeconds: 2,
    nChunks: 'auto',
    nFft: 2048,
    winLength: 2048,
    hopLength: 256,
    nMels: 224,
    fMin: 50,
    fMax: 7800,
    power: 1,
    log: null,
    logFloor: 1e-10,
  },
  network: { embeddingSize: 128, dropoutRate: 0.3 },
  loss: { alpha: 10, useTypeLoss: true, idLoss: 'bce', normalization: 'normals' },
  mixup: { beta: 0.2, schedule: 'always' },
  batch: {
    nNormal: 64,
    nOutliers: 64,
    nAnomalous: 1,
    microBatchSize: 'auto',
    skipEverySecondGroup: false,
  },
  optimization: {
    nEpochs: 100,
    maxLearningRate: 1e-3,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    pctStart: 0.3,
    divFactor: 25,
    finalDivFactor: 1e4,
    cycleMomentum: true,
  },
  validation: { fraction: 0, everyEpochs: 5, selection: 'last' },
  detector: {
    nComponents: 2,
    covarianceType: 'full',
    regCovar: 1e-6,
    tol: 1e-3,
    maxIter: 100,
    nInit: 1,
    fitOn: 'train',
  },
  decision: { aggregation: 'upperHalfMean', falseAlarmRate: 0.1 },
};

/** The paper with each difference of the published Python code that is a matter of configuration. */
const REFERENCE: SerialOeConfig = REFERENCE_DIFFERENCES.reduce<SerialOeConfig>(
  (config, difference) =>
    difference.kind === 'config' ? mergeConfig('PRESETS', config, difference.changes) : config,
  { ...PAPER, preset: 'reference' },
);

/**
 * For minutes instead of hours on a CPU, and for few clips: spectrograms with half the mel bands and half the frames,
 * smaller batches, fewer epochs, and mixtures whose covariance a few hundred chunks can carry.
 *
 * The learning rate is five times the paper's: AdamW moves a weight by at most about the learning rate a step, and a
 * few hundred steps at 1e-3 leave the two scalars of the type head where they were drawn (L_type stays at chance).
 */
const QUICK: SerialOeConfig = {
  ...PAPER,
  preset: 'quick',
  frontEnd: { ...PAPER.frontEnd, hopLength: 512, nMels: 128 },
  batch: { ...PAPER.batch, nNormal: 16, nOutliers: 16 },
  optimization: { ...PAPER.optimization, nEpochs: 40, maxLearningRate: 5e-3 },
  detector: { ...PAPER.detector, regCovar: 1e-3 },
};

/** The presets by name. Frozen: change a copy, or pass overrides to `resolveConfig`. */
export const PRESETS: Readonly<Record<PresetName, Readonly<SerialOeConfig>>> = deepFreeze({
  paper: PAPER,
  reference: REFERENCE,
  quick: QUICK,
});

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
