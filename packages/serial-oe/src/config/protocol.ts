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
