// Tables of every field of a configuration, made from the schemas that check them.
import { describeConfig } from '@serial-oe/serial-oe/config';
import { CONFIG, SOURCES } from '../../packages/monitor/src/config/config-schema';

/** A field as a system describes it. */
export interface TableField {
  path: string;
  help: string;
  type: string;
  defaults: Readonly<Record<string, unknown>>;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
const value = (x: unknown) => (typeof x === 'string' ? x : JSON.stringify(x));

/** Fields with their values in each preset. */
export function fieldTable(fields: readonly TableField[], presets: readonly string[]): string {
  const rows = fields.map(({ path, help, type, defaults }) => {
    const values = presets.map((preset) => `\`${value(defaults[preset])}\``);
    return `| \`${path}\` | ${values.join(' | ')} | ${cell(help)} Takes ${cell(type)}. |`;
  });
  return [
    `| field | ${presets.join(' | ')} | what it is |`,
    `| --- |${' --- |'.repeat(presets.length + 1)}`,
    ...rows,
  ].join('\n');
}

/** Every field of Serial-OE's configuration. */
export function serialOeTable(): string {
  const fields = describeConfig().map((field) => ({ ...field, defaults: { ...field.defaults } }));
  return fieldTable(fields, ['quick', 'paper', 'reference']);
}

/** What the walk needs to know of a schema of valibot. */
interface Node {
  type: string;
  entries?: Record<string, Node>;
  wrapped?: Node;
  item?: Node;
  pipe?: readonly (Node & { title?: string })[];
}

/** Every field of a monitor's file. */
export function monitorTable(): string {
  const rows = rowsOf(CONFIG as unknown as Node, '');
  return ['| field | needed | what it must be |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The fields of each kind of source, below `sensors[].source`. */
export function sourceTable(): string {
  const rows = Object.entries(SOURCES).flatMap(([kind, source]) =>
    rowsOf(source as unknown as Node, '').map((each) => `| ${kind} ${each}`),
  );
  return ['| kind | field | needed | what it must be |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function rowsOf(node: Node, path: string): string[] {
  return Object.entries(node.entries ?? {}).flatMap(([name, entry]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const isOptional = entry.type === 'optional';
    const inner = unwrapped(entry);
    const isSensorList = at === 'sensors';
    const fields = isSensorList ? rowsOf(itemOf(inner), 'sensors[]') : rowsOf(inner, at);
    if (inner.entries !== undefined) return [row(at, isOptional, 'an object'), ...fields];
    return [row(at, isOptional, wordsOf(at, inner)), ...fields];
  });
}

const row = (path: string, isOptional: boolean, words: string) =>
  `| \`${path}\` | ${isOptional ? '' : 'yes'} | ${cell(words)} |`;

function unwrapped(node: Node): Node {
  return (node.type === 'optional' || node.type === 'nullable') && node.wrapped !== undefined
    ? unwrapped(node.wrapped)
    : node;
}

function itemOf(node: Node): Node {
  const list = [node, ...(node.pipe ?? [])].find(({ item }) => item !== undefined);
  if (list?.item === undefined) throw new Error('config-tables: sensors must be a list of objects.');
  return list.item;
}

/** Sources are alternatives, which a schema decides on only once it sees one. */
const SOURCE_WORDS = 'one of `arecord`, `ffmpeg`, `command`, `stdin`, `file`; see the table below';

function wordsOf(path: string, node: Node): string {
  if (node.type === 'lazy') return SOURCE_WORDS;
  const titled = [node, ...(node.pipe ?? [])].map((each) => (each as { title?: string }).title).find(Boolean);
  if (titled !== undefined) return titled;
  if (node.type === 'array') return `a list, each ${wordsOf(path, node.item!)}`;
  if (node.type === 'record') return 'an object of texts by name';
  throw new Error(`config-tables: ${path} has no words for what it must be.`);
}
