import type { EpochSummary, Provenance, SerialOeModel } from '@serial-oe/serial-oe';
import { figure, megabytes, textTable } from '../terminal/format';

/** What a model is and how it came to be, as data. */
export function inspectModel(model: SerialOeModel) {
  const { machineType, machineIds, operations, config, provenance } = model;
  const detectors = [...model.detectors].map(([machineId, { mixture, threshold, calibration }]) => {
    const { nComponents, covarianceType } = config.detector;
    const { converged, nIter, lowerBound } = mixture;
    return { machineId, threshold, calibration, nComponents, covarianceType, converged, nIter, lowerBound };
  });
  const nParameters = [...model.parts.weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  return { machineType, machineIds, nParameters, operations, detectors, config, provenance };
}

/** Whose weights the model has, where they are not the last ones. */
function selectionFact({ selectedEpoch, history }: Provenance): [string, string][] {
  if (selectedEpoch === history.length) return [];
  const { loss, validationLoss } = history[selectedEpoch - 1] as EpochSummary;
  const validation = validationLoss === null ? '' : `, validation loss ${validationLoss.toFixed(4)}`;
  return [['weights of', `epoch ${selectedEpoch}: loss ${loss.toFixed(4)}${validation}`]];
}

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

/** The same as text. */
export function inspectText(model: SerialOeModel): string {
  const { machineType, machineIds, nParameters, operations, detectors, config, provenance } =
    inspectModel(model);
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
      `${frontEnd.sampleRate} Hz, chunks of ${frontEnd.chunkSeconds} s, ${frontEnd.nMels} ${frontEnd.melScale === 'linear' ? 'linear bands' : 'mels'} ${frontEnd.fMin}-${frontEnd.fMax} Hz, nFft ${frontEnd.nFft}, hop ${frontEnd.hopLength}`,
    ],
    [
      'extractor',
      `EfficientNet-B0, ${nParameters} parameters (${megabytes(nParameters * 4)}), embedding ${config.network.embeddingSize}`,
    ],
    ['scores here by', `${operations}${operations === 'tfjs' ? ', for lack of WebAssembly SIMD' : ''}`],
    [
      'detector',
      `${detector.nComponents} component(s), ${detector.covarianceType} covariance, regCovar ${detector.regCovar}`,
    ],
    ['decision', `${JSON.stringify(decision.aggregation)}, false-alarm rate ${decision.falseAlarmRate}`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  const table = textTable(
    [{ title: 'ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }, { title: 'EM' }],
    detectors.map(({ machineId, threshold, calibration, converged, nIter }) => [
      machineId,
      figure(threshold),
      `${calibration.nClips} clip(s), ${calibration.method}`,
      `${converged ? 'converged' : 'not converged'} after ${nIter}`,
    ]),
  );
  return `${facts.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n')}\n\n${table}`;
}
