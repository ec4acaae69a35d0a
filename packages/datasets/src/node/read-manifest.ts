import * as fs from 'node:fs';
import * as path from 'node:path';
import { nameSome } from '@serial-oe/foundation';
import type { Clip, Dataset, Label, Split } from '../clip';
import { DatasetError } from '../errors';
import { normalizeMachineId } from '../names/machine-id';
import { type NamedSplit, readName } from '../names/read-name';
import { decodeText } from './manifest/decode-text';
import { type Column, type ColumnPositions, findColumns } from './manifest/find-columns';
import { findFile } from './manifest/find-file';
import { parseRows, type Row } from './manifest/parse-rows';

const N_ROWS_NAMED = 10;
/** Cells in messages. */
const MAX_SHOWN = 60;

/** A clip as its row says it: held-out ones may be left out. */
interface RowClip {
  clip: Clip;
  split: NamedSplit;
  isNumberedLabel: boolean;
  /** The names of its path say anomaly. */
  isDoubtful: boolean;
}

/**
 * Reads a CSV manifest: a header with `path,machineType,machineId,label,split` in any order, then a row a
 * clip. Further columns are ignored. Separators are commas, semicolons, tabs or `|`, as the header has them; the text is
 * UTF-8 or UTF-16 with a byte-order mark; names of columns may be spelled `machine_id` or `Machine ID`.
 *
 * `label` is `normal` or `anomaly`, in any of the words that folders may have (`ok`, `nok`, `abnormal`), or 0 or 1; `split` is
 * `train`, `test` or `val`, which never trains. Without the column `split` normal clips train and anomalies test, as
 * in folders. Relative paths start at the CSV's folder, with `/` or `\`; every file must exist. Machine IDs that are
 * numbers are `00`, `01`, .., however a spreadsheet spelled them.
 *
 * @returns clips with absolute paths, in the order of the rows
 * @throws DatasetError where the file is missing or not CSV, a column is missing, or rows are bad (each is named
 *   by its line number, the first ten of them)
 */
export function readManifest(csvPath: string): Dataset {
  const absolute = path.resolve(csvPath);
  return manifestOf(readBytes(absolute), absolute);
}

/** The data set of a manifest's bytes. */
export function manifestOf(bytes: Uint8Array, absolute: string): Dataset {
  const { header, rows } = parseRows(decodeText(bytes, absolute), absolute);
  const positions = findColumns(header, absolute);
  const taken: RowClip[] = [];
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const { cells, line } of rows) {
    const result = readRow({ cells, line }, { header, positions, folder: path.dirname(absolute) });
    const earlier = typeof result === 'string' ? undefined : seen.get(result.clip.path);
    if (typeof result === 'string') problems.push(`line ${line}: ${result}`);
    else if (earlier !== undefined) {
      problems.push(`line ${line}: path ${cells[positions.path]} is that of line ${earlier} again`);
    } else {
      seen.set(result.clip.path, line);
      taken.push(result);
    }
  }
  if (problems.length > 0) {
    const named = nameSome(problems, { limit: N_ROWS_NAMED, separator: '; ' });
    throw new DatasetError(`datasets.readManifest: rows of ${absolute} must be valid, got ${named}.`);
  }
  if (taken.length === 0) {
    throw new DatasetError(`datasets.readManifest: ${absolute} must have a row for each clip, got none.`);
  }
  const hasTest = taken.some(({ split }) => split === 'test');
  const clips = taken.filter(({ split }) => !(hasTest && split === 'validation')).map(({ clip }) => clip);
  const warnings = describe(taken, { hasTest, hasSplits: positions.split !== undefined });
  return { clips, name: path.basename(absolute, path.extname(absolute)), warnings };
}

function readBytes(absolute: string): Uint8Array {
  try {
    if (!fs.statSync(absolute, { throwIfNoEntry: false })?.isFile()) {
      throw new DatasetError(`datasets.readManifest: csvPath must be an existing file, got ${absolute}.`);
    }
    return fs.readFileSync(absolute);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(
      `datasets.readManifest: csvPath must be a file that can be read, got ${absolute}: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

interface RowContext {
  header: readonly string[];
  positions: ColumnPositions;
  folder: string;
}

/** The clip of a row, or what is wrong with the row. */
function readRow({ cells }: Row, { header, positions, folder }: RowContext): RowClip | string {
  const extra = cells.slice(header.length).some((cell) => cell !== '');
  if (cells.length < header.length || extra) {
    const hint = extra ? '; a path with the separator in it must stand in quotes' : '';
    return `has ${cells.length} cells where the header has ${header.length}${hint}`;
  }
  const cell = (column: Column) => {
    const at = positions[column];
    return at === undefined ? '' : (cells[at]?.trim() ?? '');
  };
  const required = [
    'path',
    'machineType',
    'machineId',
    'label',
    ...(positions.split === undefined ? [] : ['split']),
  ];
  const empty = required.find((column) => cell(column as Column) === '');
  if (empty !== undefined) return `${empty} is empty`;
  const label = readLabel(cell('label'));
  if (label === undefined) return `label must be normal or anomaly, got ${show(cell('label'))}`;
  const split = positions.split === undefined ? splitOf(label) : readSplit(cell('split'));
  if (split === undefined) return `split must be train or test, got ${show(cell('split'))}`;
  const found = findFile(cell('path'), folder);
  if ('problem' in found) return found.problem;
  const clip = {
    path: found.file,
    machineType: cell('machineType').normalize('NFC'),
    machineId: normalizeMachineId(cell('machineId')),
    label,
    split: split === 'train' ? ('train' as const) : ('test' as const),
  };
  const trains = label === 'normal' && split === 'train';
  return {
    clip,
    split,
    isNumberedLabel: /^\d/.test(cell('label')),
    isDoubtful: trains && saysAnomaly(cell('path')),
  };
}

/** 1 is an anomaly, as in evaluation; spreadsheets write 1.0, too. */
function readLabel(cell: string): Label | undefined {
  if (/^[01](?:\.0*)?$/.test(cell)) return cell.startsWith('0') ? 'normal' : 'anomaly';
  const { labels, rest } = readName(cell);
  return labels.length === 1 && rest === '' ? labels[0] : undefined;
}

function readSplit(cell: string): NamedSplit | undefined {
  const { splits, stage, rest } = readName(cell);
  if (rest !== '' || splits.length > 1) return undefined;
  return splits[0] ?? (stage === 'evaluation' ? 'test' : undefined);
}

const splitOf = (label: Label): Split => (label === 'normal' ? 'train' : 'test');

function saysAnomaly(cell: string): boolean {
  return cell.split(/[\\/]/).some((name) => {
    const { labels } = readName(name.replace(/\.[^.]*$/, ''));
    return labels.length === 1 && labels[0] === 'anomaly';
  });
}

function describe(
  taken: readonly RowClip[],
  { hasTest, hasSplits }: { hasTest: boolean; hasSplits: boolean },
): string[] {
  const warnings: string[] = [];
  if (!hasSplits) {
    warnings.push('The manifest has no column split: normal clips train, anomalous clips are the test.');
  }
  if (taken.some(({ isNumberedLabel }) => isNumberedLabel)) {
    warnings.push('Labels 0 and 1 are read as normal and anomaly.');
  }
  const nHeldOut = taken.filter(({ split }) => split === 'validation').length;
  if (nHeldOut > 0) {
    warnings.push(
      hasTest
        ? `${nHeldOut} clip(s) left out: they are held out for validation and neither train nor test.`
        : `${nHeldOut} clip(s) read as test clips: they are held out for validation, and there is no other test.`,
    );
  }
  const doubtful = taken.filter(({ isDoubtful }) => isDoubtful);
  if (doubtful.length > 0) {
    warnings.push(
      `${doubtful.length} clip(s) train as normal, as their rows say, though their paths say anomaly, such as ${doubtful[0]?.clip.path}.`,
    );
  }
  return warnings;
}

const show = (cell: string) => (cell.length > MAX_SHOWN ? `${cell.slice(0, MAX_SHOWN)}..` : cell);
