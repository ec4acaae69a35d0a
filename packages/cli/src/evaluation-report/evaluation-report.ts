import type { Clip, Dataset } from '@serial-oe/datasets';
import { rocCurve } from '@serial-oe/evaluation';
import {
  type HtmlReport,
  htmlReport,
  type ReportFields,
  type ReportFigure,
  type ReportSection,
  type ReportTable,
} from '@serial-oe/report';
import { linePlot, rocPlot, scoreHistogram, spectrogramPlot } from '@serial-oe/report/charts';
import type { ScoredClip, SerialOeEvaluation, SerialOeModel } from '@serial-oe/serial-oe';
import { FrontEnd } from '@serial-oe/serial-oe';

export interface EvaluationReportOptions {
  /** Where the spectrograms of example clips are drawn from; without it there are none. */
  dataset?: Dataset | undefined;
}

/** A histogram reaches this many times the spread of the normal clips beyond the highest of them. */
const N_SPREADS_SHOWN = 3;

/**
 * An evaluation as one self-contained HTML page: figures an ID and a type, ROC curves, score histograms with their
 * thresholds, spectrograms of telling clips, the training curve, and what it all came from.
 *
 * @throws DatasetError where an example clip can no longer be read
 */
export async function evaluationReport(
  model: SerialOeModel,
  evaluation: SerialOeEvaluation,
  { dataset }: EvaluationReportOptions = {},
): Promise<string> {
  const { machineType, summary } = evaluation;
  const type = summary.perType[0];
  const { config, provenance } = model;
  const curves = rocSection(evaluation);
  const report: HtmlReport = {
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
      ...(curves ? [curves] : []),
      histogramSection(evaluation),
      ...(dataset ? [await spectrogramSection(model, evaluation, dataset)] : []),
      trainingSection(model),
    ],
    provenance: provenanceFields(model),
  };
  return htmlReport(report);
}

function figuresSection({ machineType, summary, decisions }: SerialOeEvaluation): ReportSection {
  const type = summary.perType[0];
  const digits = { digits: 4 };
  const figures: ReportTable = {
    caption: 'How well the scores tell anomalies from normal sounds',
    columns: [
      { header: 'Machine' },
      { header: 'Normal clips', digits: 0 },
      { header: 'Anomalous clips', digits: 0 },
      { header: 'AUC', ...digits },
      { header: 'AUC, 95 % from', digits: 2 },
      { header: 'to', digits: 2 },
      { header: `pAUC (FPR up to ${summary.maxFpr})`, ...digits },
      { header: 'aAUC', ...digits },
      { header: 'mAUC', ...digits },
    ],
    rows: summary.perId.map(({ machineId, nNormal, nAnomalous, auc, pAuc, aAuc }) => {
      const interval = decisions.find((each) => each.machineId === machineId)?.aucInterval;
      const name = `${machineType} ${machineId}`;
      return [
        name,
        nNormal,
        nAnomalous,
        auc,
        interval?.lower ?? null,
        interval?.upper ?? null,
        pAuc,
        aAuc,
        null,
      ];
    }),
    summaryRows: type
      ? [
          ['Mean of the IDs', null, null, type.auc, null, null, type.pAuc, type.aAuc, type.mAuc],
          [
            'Pooled: one curve over all clips',
            type.pooled.nNormal,
            type.pooled.nAnomalous,
            type.pooled.auc,
            null,
            null,
            type.pooled.pAuc,
            type.pooled.aAuc,
            null,
          ],
        ]
      : [],
  };
  const thresholds: ReportTable = {
    caption: 'What the thresholds do: set on normal clips of the training, applied to the test clips',
    columns: [
      { header: 'Machine' },
      { header: 'Threshold', digits: 2 },
      { header: 'Anomalies found, %', isPercent: true, digits: 1 },
      { header: 'False alarms, %', isPercent: true, digits: 1 },
    ],
    rows: decisions.map(({ machineId, threshold, truePositiveRate, falsePositiveRate }) => [
      `${machineType} ${machineId}`,
      threshold,
      truePositiveRate,
      falsePositiveRate,
    ]),
  };
  return {
    heading: 'Figures',
    text:
      'aAUC is the mean of AUC and pAUC; mAUC is the lowest AUC of the machine IDs. pAUC is standardised, so that ' +
      'chance is 0.5. The interval is a bootstrap over the test clips.',
    tables: [figures, thresholds],
  };
}

/** Null where no ID has both classes. */
function rocSection({ machineType, results, summary }: SerialOeEvaluation): ReportSection | null {
  const curves = summary.perId.flatMap(({ machineId, auc }) => {
    if (auc === null) return [];
    const { labels, scores } = columns(results.filter((result) => result.machineId === machineId));
    const { fpr, tpr } = rocCurve(labels, scores);
    return [{ label: `${machineType} ${machineId}`, fpr, tpr, auc }];
  });
  if (curves.length === 0) return null;
  return {
    heading: 'ROC curves',
    figures: [
      {
        svg: rocPlot(curves, { maxFpr: summary.maxFpr }),
        caption: 'One curve a machine ID, over its own clips.',
      },
    ],
  };
}

function histogramSection({ machineType, results, decisions }: SerialOeEvaluation): ReportSection {
  const figures = decisions.map(({ machineId, threshold }): ReportFigure => {
    const ofMachine = results.filter((result) => result.machineId === machineId);
    const scores = (label: Clip['label']) =>
      columns(ofMachine.filter((result) => result.label === label)).scores;
    const classes = { normal: scores('normal'), anomalous: scores('anomaly'), threshold };
    const range = histogramRange(classes);
    return {
      svg: scoreHistogram(classes, { title: `${machineType} ${machineId}`, ...(range && { range }) }),
    };
  });
  return {
    heading: 'Scores',
    text: 'A clip is called anomalous where its score lies above the threshold of its machine.',
    figures,
    figureColumns: 2,
  };
}

/** Clear anomalies score so far out that the rest would be one bar: they are counted in the last bin. Null for no limit. */
function histogramRange({
  normal,
  anomalous,
  threshold,
}: {
  normal: number[];
  anomalous: number[];
  threshold: number;
}): [number, number] | null {
  const lowest = Math.min(threshold, ...normal, ...anomalous);
  const highestUsual = Math.max(threshold, ...normal);
  const limit = highestUsual + N_SPREADS_SHOWN * (highestUsual - lowest);
  return highestUsual > lowest && Math.max(...anomalous) > limit ? [lowest, limit] : null;
}

/** Of each ID the anomalous clip with the highest score and the normal clip with the lowest, and what was mistaken most. */
async function spectrogramSection(
  model: SerialOeModel,
  { results, decisions }: SerialOeEvaluation,
  { clips }: Dataset,
): Promise<ReportSection> {
  const byPath = new Map(clips.map((clip) => [clip.path, clip]));
  const figures: ReportFigure[] = [];
  for (const { machineId } of decisions) {
    for (const { result, text } of examples(results.filter((each) => each.machineId === machineId))) {
      const clip = byPath.get(result.path);
      if (clip) figures.push(await spectrogramFigure(model, clip, { result, text }));
    }
  }
  return {
    heading: 'What the clips look like',
    text: 'Mel spectrograms of the clips that each detector found clearest.',
    figures,
    figureColumns: 2,
  };
}

function examples(results: readonly ScoredClip[]): { result: ScoredClip; text: string }[] {
  const sorted = [...results].sort((a, b) => a.anomalyScore - b.anomalyScore);
  const normal = sorted.find(({ label }) => label === 'normal');
  const anomalous = sorted.reverse().find(({ label }) => label === 'anomaly');
  return [
    ...(normal ? [{ result: normal, text: 'normal clip with the lowest score' }] : []),
    ...(anomalous ? [{ result: anomalous, text: 'anomalous clip with the highest score' }] : []),
  ];
}

async function spectrogramFigure(
  model: SerialOeModel,
  clip: Clip,
  { result, text }: { result: ScoredClip; text: string },
): Promise<ReportFigure> {
  const { frontEnd } = model.config;
  const front = new FrontEnd(frontEnd);
  const { waveform, sampleRate } = await model.platform.loadClip(clip);
  const whole = front.wholeSpectrogram(front.toSampleRate(waveform, { sampleRate, name: clip.path }));
  const { hopLength, fMin, fMax } = frontEnd;
  const svg = spectrogramPlot(whole, { sampleRate: frontEnd.sampleRate, hopLength, fMin, fMax });
  const name = clip.path.split(/[\\/]/).pop();
  const caption = `${clip.machineType} ${clip.machineId}, ${text}: ${result.anomalyScore.toFixed(1)} (${name})`;
  return { svg, caption };
}

function trainingSection(model: SerialOeModel): ReportSection {
  const { history } = model.provenance;
  const x = history.map(({ epoch }) => epoch + 1);
  const series = (label: string, values: (number | null)[]) => {
    const known = values.flatMap((value, i) => (value === null ? [] : [{ x: x[i] as number, y: value }]));
    return known.length === 0
      ? []
      : [{ label, x: known.map((each) => each.x), y: known.map((each) => each.y) }];
  };
  const svg = linePlot(
    [
      ...series(
        'loss',
        history.map(({ loss }) => loss),
      ),
      ...series(
        'type loss',
        history.map(({ typeLoss }) => typeLoss),
      ),
      ...series(
        'validation loss',
        history.map(({ validationLoss }) => validationLoss),
      ),
      ...series(
        'learning rate',
        history.map(({ learningRate }) => learningRate),
      ).map((line) => ({
        ...line,
        axis: 'right' as const,
      })),
    ],
    { xLabel: 'epoch', yLabel: 'loss (nats)', rightLabel: 'learning rate' },
  );
  return {
    heading: 'Training',
    figures: [{ svg, caption: 'Means over each epoch; the learning rate is that of its last step.' }],
  };
}

function provenanceFields(model: SerialOeModel): ReportFields {
  const { history: _, heldOutClips, ...provenance } = model.provenance;
  return {
    machineType: model.machineType,
    machineIds: model.machineIds.join(', '),
    ...provenance,
    nHeldOutClips: heldOutClips.length,
    config: model.config as unknown as ReportFields,
  };
}

function leftOut({ machineType, summary, unknownMachineIds, nHeldOut }: SerialOeEvaluation): string[] {
  const withoutFigures = summary.perId.flatMap(({ machineId, reason }) =>
    reason === null ? [] : [`${machineType} ${machineId} has no AUC: ${reason} to test with.`],
  );
  const unknown = Object.entries(unknownMachineIds).map(
    ([id, n]) => `${n} test clip(s) of machine ID ${id} were left out: the model has no detector for it.`,
  );
  if (nHeldOut === 0) return [...withoutFigures, ...unknown];
  return [
    ...withoutFigures,
    ...unknown,
    `${nHeldOut} test clip(s) were left out: they were put aside for training with known anomalies.`,
  ];
}

function columns(results: readonly ScoredClip[]): { labels: Clip['label'][]; scores: number[] } {
  return {
    labels: results.map(({ label }) => label),
    scores: results.map(({ anomalyScore }) => anomalyScore),
  };
}
