import type { Clip } from '@serial-oe/datasets';
import type { ReportFigure, ReportSection } from '@serial-oe/report';
import { scoreHistogram } from '@serial-oe/report/charts';
import type { Evaluation } from '@serial-oe/runtime/contract';
import { labelsAndScores } from './labels-and-scores';

/** A histogram reaches this many times the spread of the normal clips beyond the highest of them. */
const N_SPREADS_SHOWN = 3;

/** The scores of each ID by class, with its threshold. */
export function histogramSection({ machineType, results, decisions }: Evaluation): ReportSection {
  const figures = decisions.map(({ machineId, threshold }): ReportFigure => {
    const ofMachine = results.filter((result) => result.machineId === machineId);
    const scores = (label: Clip['label']) =>
      labelsAndScores(ofMachine.filter((result) => result.label === label)).scores;
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
  const lowest = [...normal, ...anomalous].reduce((least, score) => Math.min(least, score), threshold);
  const highestUsual = normal.reduce((most, score) => Math.max(most, score), threshold);
  const limit = highestUsual + N_SPREADS_SHOWN * (highestUsual - lowest);
  return highestUsual > lowest && anomalous.some((score) => score > limit) ? [lowest, limit] : null;
}
