import type { Experiment, OmittedVariant, ScoringRecipe, Variant } from '@serial-oe/experiments';
import type { SerialOeConfigOverrides } from '@serial-oe/serial-oe';
import type { SystemName } from '../system-table';
import type { ExperimentSettings } from './experiment-settings';

/** The tables and figures of the paper, each an experiment. */
export type PaperExperimentName =
  | 'main'
  | 'id-loss'
  | 'ablation'
  | 'no-id'
  | 'few-anomalies'
  | 'contamination'
  | 'embedding'
  | 'detectors'
  | 'aggregators'
  | 'compare';

/** How Serial-OE is trained, the machine type and the seed apart. */
export interface PaperTraining {
  config: SerialOeConfigOverrides;
  moved?: { nPerId: number; as: 'anomaly' | 'normal' };
  isPretrained: boolean;
}

/** A variant of Serial-OE, without what its configuration says of scoring. */
export interface PaperVariant extends Pick<Variant, 'id' | 'title' | 'curve' | 'isBaseline'> {
  /** Default: Serial-OE. Of another system, `training.config` holds nothing. */
  system?: SystemName;
  training: PaperTraining;
  scoring?: Pick<ScoringRecipe, 'detector' | 'aggregation'>;
  /** Test anomalies of each machine ID that are never tested on. */
  nHeldOut?: number;
}

/** One of them. */
export interface PaperExperiment
  extends Pick<Experiment, 'title' | 'question' | 'needs' | 'xLabel' | 'hasRatioAxis' | 'hasMaps'> {
  name: PaperExperimentName;
  /** Where it stands in the paper. */
  source: string;
  /** What the text of the paper says that its plots show. */
  anchors?: readonly string[];
  /** How systems without a network are set beside: not at all, as rows, or as curves of the same contamination. */
  baselines?: 'rows' | 'rowsWithIds' | 'curves';
  variants(
    settings: Pick<ExperimentSettings, 'hasPretrained' | 'counts' | 'systems'>,
  ): (PaperVariant | OmittedVariant)[];
}
