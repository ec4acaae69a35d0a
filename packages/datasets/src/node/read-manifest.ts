import * as fs from 'node:fs';
import * as path from 'node:path';
import { nameSome } from '@serial-oe/foundation';
import { parse } from 'csv-parse/sync';
import type { Clip, Dataset } from '../clip';
import { DatasetError } from '../errors';

const COLUMNS = ['path', 'machineType', 'machineId', 'label', 'split'] as const;
type Column = (typeof COLUMNS)[number];
const N_ROWS_NAMED = 10;

/** One CSV row, and the line of the file on which it ends (lines count from 1, the header is line 1). */
interface Row {
  record: string[];
  info: { lines: number };
}

/**
 * Reads a CSV manifest: a header with `path,machineType,machineId,label,split` in any order, then a row a
 * clip. Further columns are ignored. `label` is `normal` or `anomaly`, `split` is `train` or `test`. Relative
 * paths start at the CSV's folder; every file must exist. A machine ID of one digit gets a leading zero,
 * because spreadsheets take it away.
 *
 * @returns clips with absolute paths, in the order of the rows
 * @throws DatasetError where the file is missing or not CSV, a column is missing, or rows are bad (each is named
 *   by its line number, the first ten of them)
 */
export function readManifest(csvPath: string): Dataset {
  const absolute = path.resolve(csvPath);
  const rows = parseRows(absolute);
  const header = rows[0]?.record.map((cell) => cell.trim()) ?? [];
  const position = findColumns(header, absolute);
  const clips: Clip[] = [];
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const { record, info } of rows.slice(1)) {
    const cells = (column: Column) => record[position[column]]?.trim() ?? '';
    const result =
      record.length < header.length
        ? `has ${record.length} cells where the header has ${header.length}`
        : toClip(cells, path.dirname(absolute));
    if (typeof result === 'string') problems.push(`line ${info.lines}: ${result}`);
    else if (seen.has(result.path)) {
      problems.push(
        `line ${info.lines}: path ${cells('path')} is that of line ${seen.get(result.path)} again`,
      );
    } else {
      seen.set(result.path, info.lines);
      clips.push(result);
    }
  }
  if (problems.length > 0) {
    const named = nameSome(problems, { limit: N_ROWS_NAMED, separator: '; ' });
    throw new DatasetError(`datasets.readManifest: rows of ${absolute} must be valid, got ${named}.`);
  }
  if (clips.length === 0) {
    throw new DatasetError(`datasets.readManifest: ${absolute} must have a row for each clip, got none.`);
  }
  return { clips, name: path.basename(absolute, path.extname(absolute)), warnings: [] };
}

function parseRows(absolute: string): Row[] {
  if (!fs.statSync(absolute, { throwIfNoEntry: false })?.isFile()) {
    throw new DatasetError(`datasets.readManifest: csvPath must be an existing file, got ${absolute}.`);
  }
  const text = fs.readFileSync(absolute, 'utf8');
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;
    return parse(text, options) as unknown as Row[];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatasetError(`datasets.readManifest: ${absolute} must be CSV, got ${reason}.`, { cause });
  }
}

function findColumns(header: readonly string[], absolute: string): Record<Column, number> {
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new DatasetError(
      `datasets.readManifest: the header of ${absolute} must have the columns ${COLUMNS.join(', ')}, got ` +
        `"${header.join(',')}" without ${missing.join(', ')}.`,
    );
  }
  return Object.fromEntries(COLUMNS.map((column) => [column, header.indexOf(column)])) as Record<
    Column,
    number
  >;
}

/** The clip of a row, or what is wrong with the row. */
function toClip(cells: (column: Column) => string, folder: string): Clip | string {
  const empty = COLUMNS.find((column) => cells(column) === '');
  if (empty) return `${empty} is empty`;
  const label = cells('label');
  if (label !== 'normal' && label !== 'anomaly') return `label must be normal or anomaly, got ${label}`;
  const split = cells('split');
  if (split !== 'train' && split !== 'test') return `split must be train or test, got ${split}`;
  const file = path.resolve(folder, cells('path'));
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return `file ${file} does not exist`;
  const machineId = /^\d$/.test(cells('machineId')) ? `0${cells('machineId')}` : cells('machineId');
  return { path: file, machineType: cells('machineType'), machineId, label, split };
}
