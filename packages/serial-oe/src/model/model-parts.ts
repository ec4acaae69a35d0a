import type { Dataset } from '@serial-oe/datasets';
import type { WeightMap } from '@serial-oe/efficientnet-extractor';
import type { NormalScore } from '@serial-oe/runtime';
import type { SerialOeConfig } from '../config/config';
import type { Amplitude } from '../features/front-end';
import type { Detector } from './detector';
import type { ChunkEmbedder } from './embedder';
import type { Familiarity } from './familiarity';
import type { Provenance } from './provenance';

/** Name of the one detector of a model that was trained without machine IDs. */
export const ALL_MACHINES = 'all';

/** How a model's files hold the weights; all arithmetic is float32. */
export type WeightType = 'float32' | 'float16';

/** What a `SerialOeModel` is made of. */
export interface ModelParts {
  config: SerialOeConfig;
  machineType: string;
  amplitude: Amplitude;
  /** Weights of the extractor, for saving. */
  weights: WeightMap;
  /** How they stand in the model's files; default float32. */
  weightType?: WeightType | undefined;
  /** Outputs of the extractor's ID head. */
  nHeadOutputs: number;
  embedder: ChunkEmbedder;
  detectors: Map<string, Detector>;
  /** How far a sound is from those of training; null where they were too few to say. */
  familiarity: Familiarity | null;
  provenance: Provenance;
  /** Of a model that was just trained: held-out scores of the normal clips, by which it is compared with other systems. */
  normalScores?: readonly NormalScore[] | undefined;
  /** Of a model that was just trained: what it was trained on, so that it can be tuned further. */
  dataset?: Dataset | undefined;
}
