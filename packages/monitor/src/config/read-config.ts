import { type Document, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import {
  type CheckMonitorConfigOptions,
  checkFleetConfig,
  checkMonitorConfig,
  type FieldPath,
  nameOf,
  valueIn,
} from './check-config';
import { MonitorConfigError } from './config-error';
import type { MonitorConfig } from './config-schema';
import type { FleetConfig } from './fleet-schema';

export interface ReadMonitorConfigOptions {
  /** For messages. */
  file: string;
  /** Values of `${NAME}`, such as `process.env`. Default: none. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Fields that are names: `machineId: 00` is the text '00' and not the number 0. */
const NAMES = ['site', 'asset', 'sensor', 'machineId'];
const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * Reads a monitor's configuration, YAML or JSON, and checks it. `${NAME}` in a text is what the environment holds under that name, so
 * that passwords need not stand in the file.
 *
 * @throws MonitorConfigError with a line a problem: the file, its line, the field's path, and what to do
 * @example
 * const config = readMonitorConfig(await readFile('monitor.yaml', 'utf8'), { file: 'monitor.yaml', env: process.env });
 */
export function readMonitorConfig(text: string, options: ReadMonitorConfigOptions): MonitorConfig {
  return readChecked(text, options, checkMonitorConfig);
}

/**
 * Reads the configuration of a fleet's nodes, as {@link readMonitorConfig} does that of a monitor.
 * @throws MonitorConfigError as there
 */
export function readFleetConfig(text: string, options: ReadMonitorConfigOptions): FleetConfig {
  return readChecked(text, options, checkFleetConfig);
}

function readChecked<Config>(
  text: string,
  { file, env = {} }: ReadMonitorConfigOptions,
  check: (config: unknown, options: CheckMonitorConfigOptions) => Config,
): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line } = lines.linePos(broken.pos[0]);
    throw new MonitorConfigError([`${file}:${line}: must be YAML or JSON: ${broken.message}`]);
  }
  keepNames(document);
  const raw: unknown = document.toJS();
  const lineOf = (path: FieldPath) => lineIn(document, lines, path);
  const missing: string[] = [];
  const config = withVariables(raw, (name, path) => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    missing.push(
      `${file}:${lineOf(path)}: ${nameOf(path)} needs the environment variable ${name}, which is not set. ` +
        'Set it before the monitor starts (a service: Environment= or EnvironmentFile=).',
    );
    return `\${${name}}`;
  });
  if (missing.length > 0) throw new MonitorConfigError(missing);
  return check(config, { file, lineOf, valueAt: (path) => valueIn(raw, path) });
}

function keepNames(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !NAMES.includes(String(key.value)) || !isScalar(value)) return;
      if (typeof value.value === 'number' && value.source !== undefined) value.value = value.source;
    },
  });
}

/** The line of a field, or of the nearest one around it that is there. */
function lineIn(document: Document, lines: LineCounter, path: FieldPath): number | undefined {
  for (let n = path.length; n > 0; n--) {
    const parent = document.getIn(path.slice(0, n - 1), true);
    const items = (parent as { items?: unknown[] } | undefined)?.items ?? [];
    const key = path[n - 1];
    const item = items.find((each, i) =>
      isPair(each) ? isScalar(each.key) && each.key.value === key : i === key,
    );
    const node = (isPair(item) ? item.key : item) as { range?: readonly number[] | null } | undefined;
    if (node?.range != null) return lines.linePos(node.range[0]!).line;
  }
  return 1;
}

function withVariables(
  value: unknown,
  lookUp: (name: string, path: FieldPath) => string,
  path: FieldPath = [],
): unknown {
  if (typeof value === 'string') return value.replace(VARIABLE, (_, name: string) => lookUp(name, path));
  if (Array.isArray(value)) return value.map((each, i) => withVariables(each, lookUp, [...path, i]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    withVariables(each, lookUp, [...path, key]),
  ]);
  return Object.fromEntries(entries);
}
