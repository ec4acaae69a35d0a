import { type Experiment, nMovedOf, type OmittedVariant, type Variant } from '@serial-oe/experiments';
import { serialOeSystem } from '@serial-oe/serial-oe';
import { baselineVariants } from './baseline-variants';
import type { ExperimentSettings } from './experiment-settings';
import { PAPER_EXPERIMENTS } from './experiments';
import type { PaperExperiment, PaperExperimentName, PaperVariant } from './paper-experiment';
import { paperFigures } from './paper-figures';
import { paperScoring } from './paper-scoring';

const OTHER_DATA =
  "The recordings are not those of DCASE2020 Task 2, or not all of them: the figures do not compare with the paper's, which are left out.";

/** Experiments of the paper for the harness: Serial-OE's variants, the paper's figures beside them on its recordings. */
export function paperExperiments(
  names: readonly PaperExperimentName[],
  settings: ExperimentSettings,
): Experiment[] {
  return PAPER_EXPERIMENTS.filter(({ name }) => names.includes(name)).map((experiment) =>
    toExperiment(experiment, settings),
  );
}

function toExperiment(
  { variants, anchors = [], baselines, ...paper }: PaperExperiment,
  settings: ExperimentSettings,
): Experiment {
  const compared = settings.isDcase2020 ? paperFigures(paper.name) : undefined;
  const ours = variants(settings).map((variant) => toVariant(variant, settings));
  const { counts } = settings;
  return {
    ...paper,
    variants: [
      ...ours,
      ...baselineVariants({ baselines }, { counts, nHeldOut: nMovedOf({ variants: ours }) }),
    ],
    ...(compared && { compared }),
    remarks: [...(settings.isDcase2020 ? [] : [OTHER_DATA]), ...anchors],
  };
}

function toVariant(
  variant: PaperVariant | OmittedVariant,
  settings: ExperimentSettings,
): Variant | OmittedVariant {
  if (!('training' in variant)) return variant;
  const { id, title, training, curve, system = serialOeSystem.name, isBaseline = false } = variant;
  return {
    ...{ id, title, training, system, isBaseline },
    scoring: system === serialOeSystem.name ? paperScoring(variant, settings) : {},
    ...(curve && { curve }),
  };
}
