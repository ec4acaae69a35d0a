import { DatasetError } from '../../errors';
import { fold } from '../../names/read-name';

export const COLUMNS = ['path', 'machineType', 'machineId', 'label', 'split'] as const;
export type Column = (typeof COLUMNS)[number];

/** Spellings beside that of the column itself, without separators and capitals. */
const OTHER_NAMES: Readonly<Record<Column, readonly string[]>> = {
  path: [
    'file',
    'filename',
    'filepath',
    'wav',
    'wavpath',
    'audio',
    'recording',
    'datei',
    'pfad',
    'dateiname',
  ],
  machineType: ['type', 'machine', 'maschinentyp', 'typ', 'maschine'],
  machineId: ['id', 'section', 'maschinenid', 'maschinennummer'],
  label: ['class', 'condition', 'klasse', 'zustand', 'status'],
  split: ['set', 'subset', 'partition', 'fold'],
};
/** Columns without which rows can be read, too. */
const OPTIONAL: readonly Column[] = ['split'];

export type ColumnPositions = Record<Exclude<Column, 'split'>, number> & { split: number | undefined };

/** A header's cell without capitals, spaces, `_` and `-`: `Machine ID` is `machineid`. */
const plain = (cell: string) => fold(cell).replace(/[^\p{L}\p{N}]/gu, '');

/** How many of the columns a header has. */
export function countColumns(header: readonly string[]): number {
  return COLUMNS.filter((column) => positionOf(header.map(plain), column) !== undefined).length;
}

/** @throws DatasetError where a column is missing, or is there twice */
export function findColumns(header: readonly string[], path: string): ColumnPositions {
  const cells = header.map(plain);
  const positions = COLUMNS.map((column) => [column, positionOf(cells, column)] as const);
  const missing = positions.flatMap(([column, at]) =>
    at === undefined && !OPTIONAL.includes(column) ? [column] : [],
  );
  if (missing.length > 0) {
    throw new DatasetError(
      `datasets.readManifest: the header of ${path} must have the columns ${COLUMNS.join(', ')}, got ` +
        `"${header.join(',').slice(0, 200)}" without ${missing.join(', ')}.`,
    );
  }
  for (const column of COLUMNS) {
    if (cells.filter((cell) => cell === column.toLowerCase()).length > 1) {
      throw new DatasetError(
        `datasets.readManifest: the header of ${path} must have each column once, got ${column} twice.`,
      );
    }
  }
  return Object.fromEntries(positions) as ColumnPositions;
}

function positionOf(cells: readonly string[], column: Column): number | undefined {
  const exact = cells.indexOf(column.toLowerCase());
  if (exact >= 0) return exact;
  const other = OTHER_NAMES[column].map((name) => cells.indexOf(name)).find((at) => at >= 0);
  return other;
}
