import { rocCurve } from '@serial-oe/evaluation';
import type { ReportSection } from '@serial-oe/report';
import { rocPlot } from '@serial-oe/report/charts';
import type { Evaluation } from '@serial-oe/runtime/contract';
import { namedMachines } from '../model/machine-names';
import { labelsAndScores } from './labels-and-scores';

/** A curve an ID; null where no ID has both classes. */
export function rocSection({ machineType, results, summary }: Evaluation): ReportSection | null {
  const curves = summary.perId.flatMap(({ machineId, auc }) => {
    if (auc === null) return [];
    const { labels, scores } = labelsAndScores(results.filter((result) => result.machineId === machineId));
    const { fpr, tpr } = rocCurve(labels, scores);
    return [{ label: namedMachines(machineType, [machineId]), fpr, tpr, auc }];
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
