import { htmlReport, type ReportTable } from '@serial-oe/report';
import type { ExperimentResults, Metric } from './experiment-results';
import { cellText, resultsTable } from './results-table';

/** An experiment's results as one self-contained HTML page. */
export function experimentReport(results: ExperimentResults): string {
  const { title, source, question, generatedAt } = results;
  return htmlReport({
    title,
    subtitle: `${source}; ${results.dataset.name}, preset ${results.preset}, ${results.seeds.length} seed(s)`,
    generatedAt,
    text: question,
    sections: [
      {
        heading: 'Results',
        tables: [table(results, 'aAuc', 'aAUC, per cent'), table(results, 'mAuc', 'mAUC, per cent')],
      },
    ],
  });
}

function table(results: ExperimentResults, metric: Metric, caption: string): ReportTable {
  const { columns, rows } = resultsTable(results, metric);
  return {
    caption,
    columns: [{ header: 'Variant' }, ...columns.map((header) => ({ header, align: 'right' as const }))],
    rows: rows.map(({ title, cells }) => [title, ...cells.map(cellText)]),
  };
}
