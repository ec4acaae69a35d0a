import { htmlReport, type ReportSection } from '@serial-oe/report';
import { clipNames } from '../evaluation-report/clip-names';
import { figuresSection } from '../evaluation-report/figures-section';
import { rocSection } from '../evaluation-report/roc-section';
import { typeToTell } from '../model/machine-names';
import { type ComparedModel, type Comparison, verdictOf } from './compare-models';

/** A model with what its own scorer draws of it. */
export interface ReportedModel extends ComparedModel {
  /** Every clip as a dot; null for no drawing. */
  strip: ReportSection | null;
}

/** Two models on the same clips as one self-contained HTML page: which is better, what each alone found, and both side by side. */
export function comparisonReport(
  { names, differences, onlyFirst, onlySecond }: Comparison,
  models: readonly [ReportedModel, ReportedModel],
): string {
  const overall = differences.at(-1)!;
  const what = typeToTell(models[0].evaluation.machineType) ?? 'several machine types';
  const paths = models.flatMap(({ evaluation }) => evaluation.results.map(({ path }) => path));
  return htmlReport({
    title: `${names[0]} and ${names[1]}`,
    subtitle: `${what}, ${overall.nNormal} normal and ${overall.nAnomalous} faulty test clips`,
    generatedAt: new Date(),
    text: verdictOf(names, overall.difference),
    highlights: [
      { label: `aAUC, ${names[0]}`, value: overall.first, digits: 4 },
      { label: `aAUC, ${names[1]}`, value: overall.second, digits: 4 },
      { label: 'Difference', value: overall.difference.estimate, digits: 4 },
    ],
    sections: [
      differenceSection(names, differences),
      ...[foundAlone(names[0], onlyFirst, paths), foundAlone(names[1], onlySecond, paths)].flat(),
      ...models.map(modelSection),
    ],
  });
}

function differenceSection(
  names: Comparison['names'],
  differences: Comparison['differences'],
): ReportSection {
  const digits = { digits: 4 };
  const row = ({
    machineId,
    nNormal,
    nAnomalous,
    first,
    second,
    difference,
  }: (typeof differences)[number]) => [
    ...[machineId ?? 'Mean of the IDs', nNormal, nAnomalous, first, second],
    ...[difference.estimate, difference.lower, difference.upper],
  ];
  return {
    heading: 'Difference',
    text:
      'aAUC on the clips that both models know; the difference is the second minus the first, its interval a paired bootstrap over the clips. ' +
      'Where it holds 0, neither is shown to be better.',
    tables: [
      {
        columns: [
          { header: 'Machine' },
          { header: 'Normal clips', digits: 0 },
          { header: 'Faulty clips', digits: 0 },
          ...names.map((header) => ({ header, ...digits })),
          { header: 'Difference', ...digits },
          { header: '95 % from', ...digits },
          { header: 'to', ...digits },
        ],
        rows: differences.filter(({ machineId }) => machineId !== null).map(row),
        summaryRows: differences.filter(({ machineId }) => machineId === null).map(row),
      },
    ],
  };
}

/** Faults that one model finds and the other misses; none for none. */
function foundAlone(name: string, found: readonly string[], all: readonly string[]): ReportSection[] {
  if (found.length === 0) return [];
  const { nameOf } = clipNames(all);
  return [
    {
      heading: `Found by ${name} alone`,
      tables: [{ columns: [{ header: 'Fault' }], rows: found.map((path) => [nameOf(path)]) }],
    },
  ];
}

function modelSection({ name, evaluation, strip }: ReportedModel): ReportSection {
  const curves = rocSection(evaluation);
  return {
    heading: name,
    sections: [strip, curves, figuresSection(evaluation)].filter((section) => section !== null),
  };
}
