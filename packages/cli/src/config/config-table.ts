import { Help } from 'commander';
import { textTable } from '../terminal/format';

const WIDTH = 100;
const INDENT = '    ';

/** A field of a configuration, as a system describes it. */
export interface TableField {
  path: string;
  help: string;
  /** What it takes, in words. */
  type: string;
  /** By preset. */
  defaults: Readonly<Record<string, unknown>>;
}

/** A column of values, by the paths of the fields. */
export interface ValueColumn {
  title: string;
  value(field: TableField): unknown;
}

/** Fields with their values, and below each what it is for and what it takes. */
export function configTable(fields: readonly TableField[], columns: readonly ValueColumn[]): string {
  const rows = fields.map((field) => [field.path, ...columns.map(({ value }) => show(value(field)))]);
  const table = textTable([{ title: 'field' }, ...columns.map(({ title }) => ({ title }))], rows);
  const [heading, rule, ...lines] = table.trimEnd().split('\n');
  const body = fields.flatMap((field, i) => [lines[i], ...explanation(field)]);
  return `${[heading, rule, ...body].join('\n')}\n`;
}

/** The field in a configuration. */
export function valueAt(config: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config);
}

function explanation({ help, type }: TableField): string[] {
  const text = new Help().boxWrap(`${help} Takes ${type}.`, WIDTH - INDENT.length);
  return text.split('\n').map((line) => `${INDENT}${line}`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
