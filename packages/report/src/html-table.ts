import { checkKind, checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { checkNonEmptyArray } from './check-lists';
import { checkText } from './check-text';
import { escapeHtml } from './escape-html';
import type { ReportValue } from './format-cell';
import { checkDigits, formatCell, MISSING } from './format-cell';
import type { ReportColumn, ReportFields, ReportTable } from './report-types';

/** Tables with at least so many columns are set closer. */
const MIN_DENSE_COLUMNS = 7;

/** A mean and its deviation, such as '93.29 ± 0.41'. */
const MEAN_AND_SPREAD = /^([+\u2212-]?\d+(?:\.\d+)?)\s*\u00b1\s*(\d+(?:\.\d+)?)$/;

const ALIGNMENTS = ['left', 'right', 'center'] as const;

const TABLE: OptionNames<ReportTable> = { caption: true, columns: true, rows: true, summaryRows: true };
const COLUMN: OptionNames<ReportColumn> = { header: true, align: true, digits: true, isPercent: true };

/** HTML of a table whose first column holds the row headers. */
export function htmlTable(table: ReportTable, where: string): string {
  checkKind(where, table, 'object');
  checkOptions(where, table, TABLE);
  const { caption, columns, rows, summaryRows = [] } = table;
  checkNonEmptyArray(`${where}.columns`, columns);
  checkRows(`${where}.rows`, rows, columns.length);
  checkRows(`${where}.summaryRows`, summaryRows, columns.length);
  const alignments = columns.map((column, i) => {
    checkColumn(column, `${where}.columns[${i}]`);
    return column.align ?? defaultAlignment([...rows, ...summaryRows].map((row) => row[i]));
  });
  const head = columns.map(
    ({ header }, i) => `<th scope="col" class="${alignments[i]}">${escapeHtml(header)}</th>`,
  );
  const body = (list: ReportTable['rows'], name: string) =>
    list.map((row, i) => tableRow(row, `${where}.${name}[${i}]`, { columns, alignments })).join('\n');
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(tableName(caption, where))}">`,
    columns.length < MIN_DENSE_COLUMNS ? '<table>' : '<table class="dense">',
    ...(caption === undefined ? [] : [`<caption>${escapeHtml(caption)}</caption>`]),
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>\n${body(rows, 'rows')}\n</tbody>`,
    ...(summaryRows.length === 0
      ? []
      : [`<tbody class="summary">\n${body(summaryRows, 'summaryRows')}\n</tbody>`]),
    '</table>',
    '</div>',
  ].join('\n');
}

/** HTML of names and values; nested ones get dotted names. */
export function htmlFields(fields: ReportFields, where: string): string {
  checkKind(where, fields, 'object');
  const rows = flatten(fields, '', where).map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  if (rows.length === 0) return '';
  const head = '<thead class="unseen"><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>';
  return `<table class="fields">\n${head}\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

function tableRow(
  row: readonly ReportValue[],
  where: string,
  { columns, alignments }: { columns: readonly ReportColumn[]; alignments: readonly string[] },
): string {
  const cells = row.map((value, i) => {
    const text = cellText(formatCell(`${where}[${i}]`, value, columns[i]));
    const isMissing = value === null || value === undefined;
    const shown = isMissing ? `<span aria-label="none">${text}</span>` : text;
    const tag = i === 0 ? 'th scope="row"' : 'td';
    return `<${tag} class="${alignments[i]}">${shown}</${i === 0 ? 'th' : 'td'}>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

/** HTML of a cell; a deviation stays on the line of its mean and steps back behind it. */
function cellText(text: string): string {
  const [, mean, spread] = MEAN_AND_SPREAD.exec(text) ?? [];
  if (mean === undefined) return escapeHtml(text);
  return `${mean}<span class="spread">\u00a0\u00b1\u00a0${spread}</span>`;
}

function tableName(caption: string | undefined, where: string): string {
  return caption === undefined ? 'Table' : checkText(`${where}.caption`, caption);
}

function checkColumn(column: ReportColumn, where: string): void {
  checkKind(where, column, 'object');
  checkOptions(where, column, COLUMN);
  const { header, align, digits } = column;
  checkText(`${where}.header`, header);
  if (align !== undefined) checkOneOf(`${where}.align`, align, ALIGNMENTS);
  checkDigits(where, digits);
}

function checkRows(where: string, rows: ReportTable['rows'], nColumns: number): void {
  if (!Array.isArray(rows)) throw new TypeError(`${where} must be an array of rows, got ${typeof rows}.`);
  rows.forEach((row: readonly ReportValue[], i) => {
    if (!Array.isArray(row))
      throw new TypeError(`${where}[${i}] must be an array of values, got ${typeof row}.`);
    if (row.length !== nColumns) {
      throw new RangeError(`${where}[${i}] must have one value a column, ${nColumns}, got ${row.length}.`);
    }
  });
}

function defaultAlignment(values: ReportValue[]): 'left' | 'right' {
  const present = values.filter((value) => value !== null && value !== undefined);
  return present.length > 0 && present.every(isFigure) ? 'right' : 'left';
}

function isFigure(value: ReportValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && MEAN_AND_SPREAD.test(value));
}

function flatten(value: ReportFields, prefix: string, where: string): [string, string][] {
  return Object.entries(value).flatMap(([key, entry]): [string, string][] => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof entry !== 'object' || entry === null) return [[name, exactText(`${where}.${name}`, entry)]];
    if (isFlatList(entry)) {
      const items = entry.map((item, i) => exactText(`${where}.${name}[${i}]`, item));
      return [[name, items.length === 0 ? MISSING : items.join(', ')]];
    }
    return flatten({ ...entry } as ReportFields, name, where);
  });
}

/** Provenance keeps all digits of a number. */
function exactText(where: string, value: ReportValue): string {
  const text = formatCell(where, value);
  return typeof value === 'number' ? String(value) : text;
}

function isFlatList(entry: ReportFields[string]): entry is readonly ReportValue[] {
  return Array.isArray(entry) && entry.every((item) => typeof item !== 'object' || item === null);
}
