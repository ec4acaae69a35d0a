import type { ClipLoader, Dataset } from '@serial-oe/datasets';
import { loadClip as loadFile } from '@serial-oe/datasets/node';
import { htmlReport, type ReportSection } from '@serial-oe/report';
import type { Evaluation } from '@serial-oe/runtime/contract';
import type { SerialOeModel } from '@serial-oe/serial-oe';
import { type Verdict, verdictOf } from '../evaluate/verdict';
import type { ComparedSystem } from '../evaluate/where-others-win';
import type { LoadedModel } from '../model/loaded-model';
import { allClipsSection } from './all-clips-section';
import { type ClipNames, clipNames } from './clip-names';
import { ClipPictures, type DrawnClip } from './clip-pictures';
import { comparisonSection } from './comparison-section';
import { chooseExamples, exampleSection } from './example-section';
import { type ExplainMistakesOptions, explainMistakes } from './explain-mistakes';
import { figuresSection } from './figures-section';
import { leftOut } from './left-out';
import { mistakesSection } from './mistakes-section';
import { provenanceFields } from './provenance-fields';
import { type ReportedModel, toReportedModel } from './reported-model';
import { rocSection } from './roc-section';
import { stripSection } from './strip-section';
import { trainingSection } from './training-section';
import { verdictSection } from './verdict-section';

/** Mistakes of a machine that are explained unless it is asked otherwise. */
export const DEFAULT_EXPLAINED = 3;

export interface EvaluationReportOptions
  extends Partial<Omit<ExplainMistakesOptions, 'dataset' | 'nExplained'>> {
  /** Where clips are drawn and explained from; without it there are no pictures of any. */
  dataset?: Dataset | undefined;
  /** Other systems on the same clips. */
  compared?: readonly ComparedSystem[] | undefined;
  /** Mistakes of a machine that are explained at most, each of which takes about twenty scores; 0 for none. Default 3. */
  nExplained?: number | undefined;
}

/**
 * An evaluation as one self-contained HTML page, an engineer's questions first: the verdict, missed faults and false alarms by name and
 * why, every clip as a dot; then figures an ID and a type, ROC curves, the training curve, and what it all came from.
 *
 * @throws DatasetError where a clip that is shown can no longer be read
 */
export async function evaluationReport(
  source: LoadedModel | SerialOeModel,
  evaluation: Evaluation,
  { dataset, compared = [], ...explaining }: EvaluationReportOptions = {},
): Promise<string> {
  const { machineType, summary } = evaluation;
  const type = summary.perType[0];
  const model = await toReportedModel(source);
  const { network, scorer } = model;
  const verdict = verdictOf(
    evaluation,
    'scorer' in source ? source.scorer : { thresholds: source.detectors },
  );
  const names = clipNames(evaluation.results.map(({ path }) => path));
  const clips =
    dataset === undefined
      ? { mistakes: [], examples: [] }
      : await clipSections({ model, evaluation, verdict, names }, { dataset, ...explaining });
  const curves = rocSection(evaluation);
  return htmlReport({
    title: `${machineType}: anomalous sound detection`,
    subtitle: subtitleOf(model),
    generatedAt: new Date(),
    highlights: [
      ...found(evaluation, verdict),
      { label: 'aAUC, mean of the IDs', value: type?.aAuc ?? null, digits: 4 },
      { label: 'mAUC, the lowest AUC', value: type?.mAuc ?? null, digits: 4 },
    ],
    warnings: leftOut(evaluation),
    sections: [
      verdictSection(verdict, names),
      stripSection(evaluation, scorer),
      ...clips.mistakes,
      ...clips.examples,
      figuresSection(evaluation),
      ...(curves ? [curves] : []),
      ...(compared.length > 0
        ? [comparisonSection(evaluation, compared, { hasNetwork: network !== null })]
        : []),
      allClipsSection(evaluation, names),
      ...(network === null ? [] : [trainingSection(network)]),
    ],
    provenance: provenanceFields(model),
  });
}

interface Reported {
  model: ReportedModel;
  evaluation: Evaluation;
  verdict: Verdict;
  names: ClipNames;
}

/** Pictures of what was mistaken and why, and of what the machines sound like. */
async function clipSections(
  { model, evaluation, verdict, names }: Reported,
  {
    dataset,
    nExplained = DEFAULT_EXPLAINED,
    loadClip = loadFile,
    onProgress,
    signal,
  }: EvaluationReportOptions & { dataset: Dataset; loadClip?: ClipLoader | undefined },
): Promise<{ mistakes: ReportSection[]; examples: ReportSection[] }> {
  const explained = await explainMistakes(model, verdict, {
    ...{ dataset, loadClip, nExplained, onProgress, signal },
  });
  const examples = chooseExamples(evaluation, dataset);
  const drawn = [...explained.missed, ...explained.falseAlarms].map(({ result, clip, why }): DrawnClip => {
    return { machineId: result.machineId, clip, explanation: 'error' in why ? null : why };
  });
  const pictures = await ClipPictures.read([...drawn, ...examples], {
    ...{ loadClip, sampleRate: model.sampleRate },
  });
  const shared = { hasNormals: explained.index !== null, pictures, names };
  const mistakes = [
    mistakesSection(explained.missed, { ...shared, heading: 'Missed faults', nAll: verdict.missed.length }),
    mistakesSection(explained.falseAlarms, {
      ...{ ...shared, heading: 'False alarms', nAll: verdict.falseAlarms.length },
    }),
  ];
  return {
    mistakes: mistakes.flatMap((section) => (section === null ? [] : [section])),
    examples: examples.length === 0 ? [] : [exampleSection(examples, { pictures, names })],
  };
}

function found({ results }: Evaluation, { missed, falseAlarms }: Verdict) {
  const nFaulty = results.filter(({ label }) => label === 'anomaly').length;
  const nNormal = results.length - nFaulty;
  return [
    { label: 'Faults found', value: nFaulty === 0 ? null : `${nFaulty - missed.length} of ${nFaulty}` },
    { label: 'False alarms', value: nNormal === 0 ? null : `${falseAlarms.length} of ${nNormal}` },
  ];
}

function subtitleOf({ system, systems, network }: ReportedModel): string {
  const name = systems.length > 1 ? `${system} of ${systems.join(', ')}` : system;
  if (network === null) return name;
  const { config, provenance } = network;
  return `${name}, ${provenance.dataset}, preset ${config.preset}, seed ${config.seed}`;
}
