/** How an experiment treats its test clips; what the published code does otherwise stands here by name. */
export interface ExperimentProtocol {
  /** 'perIdZScore': chunk scores of each machine ID are standardised over the set that is evaluated. */
  scoreNormalization: 'none' | 'perIdZScore';
  /** 'nested': sets of known anomalies out of one pool that is never tested on. 'reference': draws that leak. */
  knownAnomalies: 'nested' | 'reference';
  /** Whether hidden anomalies also reach the detectors, as normal clips do. */
  contamination: 'extractorAndDetectors' | 'extractorOnly';
}

/** The paper's. */
export const PAPER_PROTOCOL: Readonly<ExperimentProtocol> = Object.freeze({
  scoreNormalization: 'none',
  knownAnomalies: 'nested',
  contamination: 'extractorAndDetectors',
});
