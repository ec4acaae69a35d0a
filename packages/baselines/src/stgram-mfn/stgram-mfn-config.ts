import { arcFaceFields, CLASSIFIER_END, CLASSIFIER_SCORE, clipFields } from '../classifier/classifier-fields';
import { batchFields, cosineFields, optimizationFields } from '../network-system/network-fields';
import type { PresetConfig } from '../network-system/preset-config';
import { wordField } from '../shared/config-fields';

/** Bottlenecks of MobileFaceNet. */
export const TABLE = {
  help: "Bottlenecks of MobileFaceNet: 'head', those of the authors' code today (1.2 M parameters), or 'paper', those of the paper (1.3 M).",
  words: ['head', 'paper'],
} as const;

/** What the preset 'quick' changes of a classifier of whole clips: windows of 2 s, a higher rate, fewer epochs. */
export const QUICK_CLASSIFIER = {
  clipSeconds: 2,
  batch: { size: 16 },
  optimization: { nEpochs: 30, learningRate: 1e-3 },
  schedule: { startEpoch: 0 },
};

/** Constants of Liu et al., ICASSP 2022, and of their code (liuyoude/STgram-MFN). */
const FIELDS = {
  ...clipFields({ nFft: 1024 }),
  network: { table: wordField(TABLE.words, 'head', TABLE.help) },
  loss: arcFaceFields({ margin: 0.7, scale: 30 }),
  batch: batchFields(128),
  optimization: optimizationFields({ nEpochs: 300, learningRate: 1e-4 }),
  schedule: cosineFields({ floor: 0.1, startEpoch: 20 }),
  score: CLASSIFIER_SCORE,
  ...CLASSIFIER_END,
};

export const STGRAM_MFN_FIELDS = { where: 'baselines.stgram-mfn', fields: FIELDS, quick: QUICK_CLASSIFIER };

export type StgramMfnConfig = PresetConfig<typeof FIELDS>;
