import {
  cellText,
  costsTable,
  differencesTable,
  type ExperimentResults,
  hasOfficialFigure,
  type Metric,
  resultsTable,
  systemsText,
  whereBaselinesWin,
} from '@serial-oe/experiments';
import { textTable } from '../terminal/format';

/** The tables of an experiment's results. */
export function resultsText(results: ExperimentResults): string {
  const { title, source, machineTypes, seeds, dataset, omittedVariants, failures, maps, notes } = results;
  const heading = `${title} (${source}): ${dataset.name}, ${machineTypes.join(', ')}, ${systemsText(results)}, ${seeds.length} seed(s)`;
  const parts = [
    tableText(results, { metric: 'aAuc', caption: 'aAUC, %, mean of the machine IDs' }),
    tableText(results, {
      metric: 'aAuc',
      caption: 'aAUC, %, pooled: one curve over the clips of all IDs',
      scope: 'pooled',
    }),
    tableText(results, { metric: 'mAuc', caption: 'mAUC, %, the lowest AUC of the machine IDs' }),
    ...(hasOfficialFigure(results)
      ? [
          tableText(results, {
            metric: 'official',
            caption: 'Official figure of DCASE2022 to 2025, %, harmonic mean over the sections',
          }),
        ]
      : []),
    ...differencesText(results),
    ...costsText(results),
    ...whereBaselinesWin(results),
    ...maps.map(
      ({ variant, machineType, trustworthiness, perplexity }) =>
        `map ${machineType} ${variant}: trustworthiness ${trustworthiness.toFixed(4)}, perplexity ${perplexity}`,
    ),
    ...omittedVariants.map(({ title: variant, reason }) => `not run: ${variant}: ${reason}`),
    ...notes.map((note) => `note: ${note}`),
    ...failures.map(({ variant, runIds, reason }) => `failed: ${variant} (${runIds.join(', ')}): ${reason}`),
  ];
  return `${heading}\n\n${parts.join('\n')}\n`;
}

function tableText(
  results: ExperimentResults,
  { metric, caption, scope }: { metric: Metric; caption: string; scope?: 'pooled' },
): string {
  const { columns, rows } = resultsTable(results, metric, scope);
  const titles = [{ title: 'variant' }, ...columns.map((title) => ({ title, align: 'right' as const }))];
  const lines = rows.map(({ title, cells, isCompared }) => [
    isCompared ? `  ${title}` : title,
    ...cells.map(cellText),
  ]);
  return `${caption}\n${textTable(titles, lines)}`;
}

function costsText(results: ExperimentResults): string[] {
  const { columns, rows } = costsTable(results);
  if (rows.length === 0) return [];
  const titles = columns.map((title, i) => (i === 0 ? { title } : { title, align: 'right' as const }));
  return [`What each costs\n${textTable(titles, rows)}`];
}

/** Paired differences: of the mean over the machine types where there are several, else of the one. */
function differencesText(results: ExperimentResults): string[] {
  const { machineTypes, differences } = results;
  const place = machineTypes.length > 1 ? null : machineTypes[0];
  const shown = differences.filter(({ machineType }) => machineType === place);
  const { columns, rows } = differencesTable(results, shown);
  if (rows.length === 0) return [];
  const titles = columns.map((title, i) => (i < 2 ? { title } : { title, align: 'right' as const }));
  const caption = 'Differences of aAUC in points on the same seeds and clips, with 95 % intervals';
  const isOneBase = new Set(shown.map(({ base }) => base)).size === 1;
  if (!isOneBase) return [`${caption}\n${textTable(titles, rows)}`];
  const withoutBase = <T>(row: readonly T[]) => row.filter((_, i) => i !== 1);
  const table = textTable(withoutBase(titles), rows.map(withoutBase));
  return [`${caption}, from: ${rows[0]?.[1]}\n${table}`];
}
