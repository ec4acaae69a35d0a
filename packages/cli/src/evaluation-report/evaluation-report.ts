import type { Dataset } from '@serial-oe/datasets';
import { htmlReport } from '@serial-oe/report';
import type { Evaluation } from '@serial-oe/runtime/contract';
import type { SerialOeModel } from '@serial-oe/serial-oe';
import { verdictOf } from '../evaluate/verdict';
import type { ComparedSystem } from '../evaluate/where-others-win';
import type { LoadedModel } from '../model/loaded-model';
import { comparisonSection } from './comparison-section';
import { figuresSection } from './figures-section';
import { histogramSection } from './histogram-section';
import { leftOut } from './left-out';
import { provenanceFields } from './provenance-fields';
import { type ReportedModel, toReportedModel } from './reported-model';
import { rocSection } from './roc-section';
import { spectrogramSection } from './spectrogram-section';
import { trainingSection } from './training-section';
import { verdictSection } from './verdict-section';

export interface EvaluationReportOptions {
  /** Where the spectrograms of example clips are drawn from; without it there are none. */
  dataset?: Dataset | undefined;
  /** Other systems on the same clips. */
  compared?: readonly ComparedSystem[] | undefined;
}

/**
 * An evaluation as one self-contained HTML page: figures an ID and a type, ROC curves, score histograms with their
 * thresholds, spectrograms of telling clips, the training curve, and what it all came from.
 *
 * @throws DatasetError where an example clip can no longer be read
 */
export async function evaluationReport(
  source: LoadedModel | SerialOeModel,
  evaluation: Evaluation,
  { dataset, compared = [] }: EvaluationReportOptions = {},
): Promise<string> {
  const { machineType, summary } = evaluation;
  const type = summary.perType[0];
  const model = toReportedModel(source);
  const { network } = model;
  const curves = rocSection(evaluation);
  return htmlReport({
    title: `${machineType}: anomalous sound detection`,
    subtitle: subtitleOf(model),
    generatedAt: new Date(),
    highlights: [
      { label: 'aAUC, mean of the IDs', value: type?.aAuc ?? null, digits: 4 },
      { label: 'mAUC, the lowest AUC', value: type?.mAuc ?? null, digits: 4 },
      { label: 'Test clips', value: evaluation.results.length, digits: 0 },
    ],
    warnings: leftOut(evaluation),
    sections: [
      verdictSection(
        verdictOf(evaluation, 'scorer' in source ? source.scorer : { thresholds: source.detectors }),
      ),
      figuresSection(evaluation),
      ...(compared.length > 0
        ? [comparisonSection(evaluation, compared, { hasNetwork: network !== null })]
        : []),
      ...(curves ? [curves] : []),
      histogramSection(evaluation),
      ...(dataset ? [await spectrogramSection(model, evaluation, dataset)] : []),
      ...(network === null ? [] : [trainingSection(network)]),
    ],
    provenance: provenanceFields(model),
  });
}

function subtitleOf({ system, systems, network }: ReportedModel): string {
  const name = systems.length > 1 ? `${system} of ${systems.join(' and ')}` : system;
  if (network === null) return name;
  const { config, provenance } = network;
  return `${name}, ${provenance.dataset}, preset ${config.preset}, seed ${config.seed}`;
}
