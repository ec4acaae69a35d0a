import type { ReportSection } from '@serial-oe/report';
import { linePlot } from '@serial-oe/report/charts';
import type { EpochSummary, SerialOeModel } from '@serial-oe/serial-oe';

interface Line {
  label: string;
  x: number[];
  y: number[];
}

/** Losses and learning rate over the epochs. */
export function trainingSection({ provenance: { history } }: SerialOeModel): ReportSection {
  const losses = (['loss', 'typeLoss', 'validationLoss'] as const).flatMap((key) => lineOf(history, key));
  const rates = lineOf(history, 'learningRate').map((line) => ({ ...line, axis: 'right' as const }));
  const svg = linePlot([...losses, ...rates], {
    xLabel: 'epoch',
    yLabel: 'loss (nats)',
    rightLabel: 'learning rate',
  });
  return {
    heading: 'Training',
    figures: [{ svg, caption: 'Means over each epoch; the learning rate is that of its last step.' }],
  };
}

const LABELS = {
  loss: 'loss',
  typeLoss: 'type loss',
  validationLoss: 'validation loss',
  learningRate: 'learning rate',
} as const;

/** The epochs for which there is a figure; no line where there is none. */
function lineOf(history: readonly EpochSummary[], key: keyof typeof LABELS): Line[] {
  const points = history.flatMap(({ epoch, [key]: value }) =>
    value === null ? [] : [{ x: epoch + 1, y: value }],
  );
  if (points.length === 0) return [];
  return [{ label: LABELS[key], x: points.map(({ x }) => x), y: points.map(({ y }) => y) }];
}
