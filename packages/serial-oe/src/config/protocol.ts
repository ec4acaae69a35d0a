import type { PresetName } from './config';
import { differencesNamed, REFERENCE_DIFFERENCES } from './reference-differences';

/** How trained models are compared: what an experiment does beside training, where paper and published code differ. */
export interface ExperimentProtocol {
  /** 'perIdZScore': each ID's chunk scores lose their mean and are divided by their deviation over the set being evaluated. */
  scoreNormalization: 'none' | 'perIdZScore';
  /**
   * 'nested': sets of known anomalies out of one pool that leaves the test set at every point. 'reference': independent draws,
   * of which only the largest set leaves it, so that most of the smaller ones are tested on.
   */
  knownAnomalies: 'nested' | 'reference';
  /** What contaminating clips, labelled normal, reach. */
  contamination: 'extractorAndDetectors' | 'extractorOnly';
}

/** The paper's, and that of all presets but `reference`. Frozen. */
export const PAPER_PROTOCOL: Readonly<ExperimentProtocol> = Object.freeze({
  scoreNormalization: 'none',
  knownAnomalies: 'nested',
  contamination: 'extractorAndDetectors',
});

/**
 * The protocol of a preset with single differences of the published code on top.
 *
 * @param names of differences of the kind 'protocol'
 * @throws RangeError for an unknown name, or that of a difference of another kind
 */
export function resolveProtocol(preset: PresetName, names: readonly string[] = []): ExperimentProtocol {
  const named = differencesNamed('resolveProtocol', names, 'protocol');
  const protocol: ExperimentProtocol = { ...PAPER_PROTOCOL };
  for (const difference of preset === 'reference' ? REFERENCE_DIFFERENCES : named)
    if (difference.kind === 'protocol') Object.assign(protocol, difference.changes);
  return protocol;
}
