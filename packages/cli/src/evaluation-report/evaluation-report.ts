import type { Dataset } from '@serial-oe/datasets';
import { htmlReport } from '@serial-oe/report';
import type { SerialOeEvaluation, SerialOeModel } from '@serial-oe/serial-oe';
import type { BaselineEvaluation } from '../evaluate/where-baselines-win';
import { baselinesSection } from './baselines-section';
import { figuresSection } from './figures-section';
import { histogramSection } from './histogram-section';
import { leftOut } from './left-out';
import { provenanceFields } from './provenance-fields';
import { rocSection } from './roc-section';
import { spectrogramSection } from './spectrogram-section';
import { trainingSection } from './training-section';

export interface EvaluationReportOptions {
  /** Where the spectrograms of example clips are drawn from; without it there are none. */
  dataset?: Dataset | undefined;
  /** Systems without a network on the same clips. */
  baselines?: readonly BaselineEvaluation[] | undefined;
}

/**
 * An evaluation as one self-contained HTML page: figures an ID and a type, ROC curves, score histograms with their
 * thresholds, spectrograms of telling clips, the training curve, and what it all came from.
 *
 * @throws DatasetError where an example clip can no longer be read
 */
export async function evaluationReport(
  model: SerialOeModel,
  evaluation: SerialOeEvaluation,
  { dataset, baselines = [] }: EvaluationReportOptions = {},
): Promise<string> {
  const { machineType, summary } = evaluation;
  const type = summary.perType[0];
  const { config, provenance } = model;
  const curves = rocSection(evaluation);
  return htmlReport({
    title: `${machineType}: anomalous sound detection`,
    subtitle: `${provenance.dataset}, preset ${config.preset}, seed ${config.seed}`,
    generatedAt: new Date(),
    highlights: [
      { label: 'aAUC, mean of the IDs', value: type?.aAuc ?? null, digits: 4 },
      { label: 'mAUC, the lowest AUC', value: type?.mAuc ?? null, digits: 4 },
      { label: 'Test clips', value: evaluation.results.length, digits: 0 },
    ],
    warnings: leftOut(evaluation),
    sections: [
      figuresSection(evaluation),
      ...(baselines.length > 0 ? [baselinesSection(evaluation, baselines)] : []),
      ...(curves ? [curves] : []),
      histogramSection(evaluation),
      ...(dataset ? [await spectrogramSection(model, evaluation, dataset)] : []),
      trainingSection(model),
    ],
    provenance: provenanceFields(model),
  });
}
