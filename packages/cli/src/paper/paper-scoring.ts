import type { DetectorSpec, ScoringRecipe } from '@serial-oe/experiments';
import type { ExperimentSettings } from './experiment-settings';
import type { PaperVariant } from './paper-experiment';

/**
 * How a variant is scored, in full. Where neither it nor the protocol asks for more, the model's own scores are taken; else what
 * the harness needs beside is stated from Serial-OE's configuration.
 */
export function paperScoring(
  { training, scoring = {}, nHeldOut = 0 }: PaperVariant,
  { config, protocol }: Pick<ExperimentSettings, 'config' | 'protocol'>,
): ScoringRecipe {
  const { detector: own, decision } = config;
  // Detectors of the trained model know the hidden anomalies; these must not.
  const isExtractorOnly = protocol.contamination === 'extractorOnly' && training.moved?.as === 'normal';
  const mixture: DetectorSpec = { kind: 'gaussianMixture', nComponents: own.nComponents };
  const detector = scoring.detector ?? (isExtractorOnly ? mixture : undefined);
  const isOwn =
    detector === undefined && scoring.aggregation === undefined && protocol.scoreNormalization === 'none';
  if (isOwn) return { nHeldOut };
  const usesIds = training.config.useMachineIds ?? config.useMachineIds;
  return {
    ...(detector && {
      detector: completed(detector, own),
      detectorScope: usesIds ? ('machineId' as const) : ('machineType' as const),
    }),
    aggregation: scoring.aggregation ?? decision.aggregation,
    nHeldOut,
  };
}

/** A mixture takes what is not said from the configuration. */
function completed(spec: DetectorSpec, config: ExperimentSettings['config']['detector']): DetectorSpec {
  if (spec.kind !== 'gaussianMixture') return spec;
  const { covarianceType, regCovar, tol, maxIter, nInit } = config;
  return { covarianceType, regCovar, tol, maxIter, nInit, ...spec };
}
