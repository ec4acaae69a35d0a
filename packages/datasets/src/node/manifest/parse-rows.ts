import { type Options, parse } from 'csv-parse/sync';
import { DatasetError } from '../../errors';
import { countColumns } from './find-columns';

/** One CSV row, and the line of the file on which it ends (lines count from 1). */
export interface Row {
  cells: string[];
  line: number;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;
const SEPARATOR_LINE = /^\s*["']?sep=(.)["']?[\s,;]*$/i; // of which the separator may be a tab

/**
 * The header and the rows of a manifest. The separator is found from the header, or told by a line `sep=;` before it; lines
 * of nothing and comments (`# ..`) are passed over, and quotes may be single ones.
 *
 * @throws DatasetError where it is not CSV
 */
export function parseRows(text: string, path: string): { header: string[]; rows: Row[] } {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const headerAt = lines.findIndex((line) => !isPassedOver(line) && !SEPARATOR_LINE.test(line));
  if (headerAt < 0) return { header: [], rows: [] };
  const told = lines.slice(0, headerAt).flatMap((line) => SEPARATOR_LINE.exec(line)?.[1] ?? [])[0];
  const headerLine = lines[headerAt] as string;
  const quote = /^\s*'/.test(headerLine) ? "'" : '"';
  const delimiter = told ?? findSeparator(headerLine, quote);
  const rows = parseCsv(lines.slice(headerAt).join('\n'), { delimiter, quote }, path).map(
    ({ cells, line }) => ({
      cells,
      line: line + headerAt,
    }),
  );
  const header = rows[0]?.cells ?? [];
  return { header, rows: rows.slice(1).filter(({ cells }) => !isEmptyOrComment(cells, header.length)) };
}

const isPassedOver = (line: string) => /^(?:[\s,;]*$|\s*#)/.test(line);

function isEmptyOrComment(cells: readonly string[], nColumns: number): boolean {
  if (cells.every((cell) => cell.trim() === '')) return true;
  return cells.length < nColumns && (cells[0] as string).startsWith('#');
}

/** The separator by which the header has most of the columns. */
function findSeparator(headerLine: string, quote: string): string {
  const counts = SEPARATORS.map((delimiter) => {
    try {
      const [row] = parseCsv(headerLine, { delimiter, quote }, '');
      return { delimiter, n: countColumns(row?.cells ?? []) };
    } catch {
      return { delimiter, n: 0 };
    }
  });
  return counts.reduce((best, each) => (each.n > best.n ? each : best)).delimiter;
}

function parseCsv(text: string, options: Pick<Options, 'delimiter' | 'quote'>, path: string): Row[] {
  try {
    const records = parse(text, {
      ...options,
      ...{ info: true, relax_column_count: true, skip_empty_lines: true, trim: true, record_delimiter: '\n' },
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatasetError(`datasets.readManifest: ${path} must be CSV, got ${reason}.`, { cause });
  }
}
