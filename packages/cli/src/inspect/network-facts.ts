import type { Detector, DetectorConfig, EpochSummary, Provenance, SerialOeModel } from '@serial-oe/serial-oe';
import { figure, megabytes, textTable } from '../terminal/format';

/** What a model of serial-oe is and how it came to be, as data. */
export function inspectNetwork(model: SerialOeModel) {
  const { machineType, machineIds, operations, config, provenance } = model;
  const detectors = [...model.detectors].map(([machineId, detector]) => {
    const { threshold, calibration } = detector;
    return { machineId, threshold, calibration, ...detectorFacts(detector, config.detector) };
  });
  const nParameters = [...model.parts.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  return { machineType, machineIds, nParameters, operations, detectors, config, provenance };
}

/** Of a mixture how its fit went; a distance between clips is computed at once. */
function detectorFacts({ outlierDetector }: Detector, { nComponents, covarianceType }: DetectorConfig) {
  if (!('converged' in outlierDetector)) return { kind: outlierDetector.toJSON().kind };
  const { converged, nIter, lowerBound } = outlierDetector as Detector['mixture'];
  return { kind: 'gaussianMixture', nComponents, covarianceType, converged, nIter, lowerBound };
}

/** Whose weights the model has, where they are not the last ones. */
function selectionFact({ selectedEpoch, history }: Provenance): [string, string][] {
  if (selectedEpoch === history.length) return [];
  const { loss, validationLoss } = history[selectedEpoch - 1] as EpochSummary;
  const validation = validationLoss === null ? '' : `, validation loss ${validationLoss.toFixed(4)}`;
  return [['weights of', `epoch ${selectedEpoch}: loss ${loss.toFixed(4)}${validation}`]];
}

/** Embeddings of fewer effective dimensions tell hardly anything apart. */
const LOW_RANK = 1.5;

/** How the batches passed, where they passed in parts. */
function microBatchFact({ nMicroBatches, microBatchSize, workers }: Provenance): [string, string][] {
  if (nMicroBatches === 1) return [];
  const threads = workers > 1 ? ` on each of ${workers} threads` : '';
  return [
    [
      'micro-batches',
      `${nMicroBatches} of ${microBatchSize} a step${threads}: BatchNorm used the statistics of each`,
    ],
  ];
}

/** How many directions the embeddings take. */
function rankFact({ effectiveRank }: Provenance): [string, string][] {
  if (effectiveRank === undefined || effectiveRank === null) return [];
  const advice =
    effectiveRank < LOW_RANK ? ': the network has learnt hardly more than one number a chunk' : '';
  return [['effective rank', `${effectiveRank.toFixed(1)} of the embeddings of normal clips${advice}`]];
}

/** The same as text. */
export function networkText(model: SerialOeModel): string {
  const { machineType, machineIds, nParameters, operations, detectors, config, provenance } =
    inspectNetwork(model);
  const { frontEnd, optimization, batch, decision, detector } = config;
  const last = provenance.history.at(-1);
  const facts: [string, string][] = [
    ['machine type', machineType],
    ['machine IDs', machineIds.join(', ')],
    [
      'trained',
      `${provenance.trainedAt} on ${provenance.backend} (${provenance.operations}), serial-oe ${provenance.version}`,
    ],
    [
      'data',
      `${provenance.dataset}: ${provenance.nNormalClips} normal, ${provenance.nPseudoAnomalousClips} of other types, ${provenance.nKnownAnomalies} known anomalies, ${provenance.nValidationClips} held out`,
    ],
    ['preset', `${config.preset}, seed ${config.seed}`],
    [
      'training',
      `${optimization.nEpochs} epochs, ${provenance.nSteps} steps of ${batch.nNormal} + ${batch.nOutliers} chunks, final loss ${last ? last.loss.toFixed(4) : '-'}`,
    ],
    ...selectionFact(provenance),
    ...microBatchFact(provenance),
    ['pretrained', provenance.pretrainedWeights ?? 'no'],
    [
      'front end',
      `${frontEnd.sampleRate} Hz, chunks of ${frontEnd.chunkSeconds} s, ${frontEnd.nMels} ${frontEnd.melScale === 'linear' ? 'linear bands' : 'mels'} ${frontEnd.fMin}-${frontEnd.fMax} Hz, nFft ${[frontEnd.nFft, ...frontEnd.furtherNFfts].join(' + ')}, hop ${frontEnd.hopLength}`,
    ],
    [
      'extractor',
      `EfficientNet-B0, ${nParameters} parameters (${megabytes(nParameters * 4)}), embedding ${config.network.embeddingSize}`,
    ],
    ...rankFact(provenance),
    ['scores here by', `${operations}${operations === 'tfjs' ? ', for lack of WebAssembly SIMD' : ''}`],
    ['detector', detectorText(detector)],
    ['decision', `${JSON.stringify(decision.aggregation)}, false-alarm rate ${decision.falseAlarmRate}`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const table = textTable(
    [{ title: 'ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }, { title: 'detector' }],
    detectors.map(({ machineId, threshold, calibration, ...detector }) => [
      machineId,
      figure(threshold),
      `${calibration.nClips} clip(s), ${calibration.method}`,
      'converged' in detector
        ? `mixture, ${detector.converged ? 'converged' : 'not converged'} after ${detector.nIter}`
        : detector.kind,
    ]),
  );
  return `${facts.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n')}\n\n${table}`;
}

function detectorText({ kind, nComponents, covarianceType, regCovar }: DetectorConfig): string {
  if (kind !== 'gaussianMixture') return kind;
  return `${nComponents} component(s), ${covarianceType} covariance, regCovar ${regCovar}`;
}
