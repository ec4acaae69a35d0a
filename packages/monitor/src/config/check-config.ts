import { nearestName, show } from '@serial-oe/foundation';
import * as v from 'valibot';
import { isSubjectToken } from '../jetstream/subjects';
import { MonitorConfigError } from './config-error';
import { CONFIG, type MonitorConfig } from './config-schema';
import { FLEET_CONFIG, type FleetConfig } from './fleet-schema';

/** From the whole to a field: names and places in lists. */
export type FieldPath = readonly (string | number)[];

export interface CheckMonitorConfigOptions {
  /** What messages begin with: the file, or the flags that it came from. */
  file: string;
  /** Puts the line behind the file's name. */
  lineOf?: ((path: FieldPath) => number | undefined) | undefined;
  /** What a message shows of a value; default the value. A file's `${PASSWORD}` is shown as that. */
  valueAt?: ((path: FieldPath) => unknown) | undefined;
}

/**
 * @param config of any kind, such as what a file holds
 * @throws MonitorConfigError with a line for each field that is missing, unknown (with the nearest name) or breaks its rule
 */
export function checkMonitorConfig(config: unknown, options: CheckMonitorConfigOptions): MonitorConfig {
  return checked(config, { ...options, schema: CONFIG, relations: relationProblems });
}

/**
 * @param config of any kind, such as what a file holds
 * @throws MonitorConfigError as {@link checkMonitorConfig}
 */
export function checkFleetConfig(config: unknown, options: CheckMonitorConfigOptions): FleetConfig {
  return checked(config, { ...options, schema: FLEET_CONFIG, relations: fleetProblems });
}

interface Checking<Config> extends CheckMonitorConfigOptions {
  schema: v.GenericSchema<unknown, Config>;
  /** What one field alone does not say. */
  relations: (config: Config) => Problem[];
}

function checked<Config>(config: unknown, options: Checking<Config>): Config {
  const parsed = v.safeParse(options.schema, config);
  const problems = parsed.success
    ? options.relations(parsed.output)
    : parsed.issues.map((issue) => problemOf(issue, { ...options, config }));
  if (parsed.success && problems.length === 0) return parsed.output;
  throw new MonitorConfigError([...new Set(problems.map((problem) => describe(problem, options)))]);
}

interface Problem {
  path: FieldPath;
  message: string;
}

function describe({ path, message }: Problem, { file, lineOf }: CheckMonitorConfigOptions): string {
  const line = lineOf?.(path);
  return `${file}${line === undefined ? '' : `:${line}`}: ${nameOf(path)} ${message}`;
}

/** `sensors[0].alarm.onDelay`. */
export function nameOf(path: FieldPath): string {
  const name = path.reduce<string>((before, key) => {
    return typeof key === 'number' ? `${before}[${key}]` : `${before}${before && '.'}${key}`;
  }, '');
  return name === '' ? 'the configuration' : name;
}

function problemOf(
  issue: v.BaseIssue<unknown>,
  {
    schema,
    config,
    valueAt = (path) => valueIn(config, path),
  }: Whole & Pick<CheckMonitorConfigOptions, 'valueAt'>,
): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.expected === 'never')
    return { path, message: `is unknown. ${remedyFor(path, { schema, config })}` };
  const words = wordsFor(schemaAt(path, { schema, config }));
  const value = valueAt(path);
  if (value === undefined) return { path, message: `is missing. It must be ${words}.` };
  return { path, message: `must be ${words}, got ${show(value)}.` };
}

interface Whole {
  schema: v.GenericSchema;
  config: unknown;
}

/** The nearest name of the section; else all that it has. */
function remedyFor(path: FieldPath, whole: Whole): string {
  const names = fieldsOf(schemaAt(path.slice(0, -1), whole));
  const near = nearestName(String(path.at(-1)), names);
  return near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
}

function wordsFor(schema: v.GenericSchema | undefined): string {
  const title = schema === undefined ? undefined : v.getTitle(schema);
  if (title !== undefined) return title;
  const fields = fieldsOf(schema);
  return fields.length === 0 ? 'a list' : `an object with fields of ${fields.join(', ')}`;
}

function fieldsOf(schema: v.GenericSchema | undefined): string[] {
  return schema !== undefined && 'entries' in schema ? Object.keys(schema.entries as object) : [];
}

/** What the schema says of a field, by way of optional fields, lists, and sources of different kinds. */
function schemaAt(path: FieldPath, { schema: whole, config }: Whole): v.GenericSchema | undefined {
  let schema: v.GenericSchema | undefined = whole;
  path.forEach((key, i) => {
    if (schema === undefined) return;
    const parts = schema as {
      entries?: Record<string, v.GenericSchema>;
      item?: v.GenericSchema;
      value?: v.GenericSchema;
    };
    const inner: v.GenericSchema | undefined = parts.entries?.[String(key)] ?? parts.item ?? parts.value;
    schema = inner === undefined ? undefined : bare(inner, valueIn(config, path.slice(0, i + 1)));
  });
  return schema;
}

function bare(schema: v.GenericSchema, value: unknown): v.GenericSchema {
  const parts = schema as { wrapped?: v.GenericSchema; getter?: (input: unknown) => v.GenericSchema };
  if (parts.wrapped !== undefined) return bare(parts.wrapped, value);
  return parts.getter === undefined ? schema : bare(parts.getter(value), value);
}

export function valueIn(config: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key],
    config,
  );
}

/** What one field alone does not say. */
function relationProblems(config: MonitorConfig): Problem[] {
  const { models, sensors } = config;
  const problems = config.sinks?.nats === undefined ? [] : subjectProblems(config);
  const keys = sensors.map(({ asset, sensor }) => `${asset}/${sensor}`);
  const stdins = sensors.flatMap(({ source }, i) => ('stdin' in source ? [i] : []));
  sensors.forEach(({ model, source }, i) => {
    const path = ['sensors', i];
    problems.push(...modelProblems(model, { path, models }));
    if (keys.indexOf(keys[i]!) < i) {
      const message = `must have a name of its own, got ${keys[i]} as sensors[${keys.indexOf(keys[i]!)}] has. Change asset or sensor.`;
      problems.push({ path, message });
    }
    if (i > (stdins[0] ?? i) && stdins.includes(i)) {
      const message = `cannot be stdin too, which sensors[${stdins[0]}] reads. Give it a source of its own.`;
      problems.push({ path: [...path, 'source'], message });
    }
    problems.push(...channelProblems(source, [...path, 'source']));
  });
  return problems;
}

function modelProblems(
  model: string,
  { path, models }: { path: FieldPath; models: Readonly<Record<string, string>> },
): Problem[] {
  const names = Object.keys(models);
  if (names.includes(model)) return [];
  const near = nearestName(model, names);
  const remedy = near === undefined ? 'Name it under models.' : `Did you mean ${near}?`;
  const message = `must be one of ${names.join(', ')}, got ${show(model)}. ${remedy}`;
  return [{ path: [...path, 'model'], message }];
}

function fleetProblems({ models, sensors }: FleetConfig): Problem[] {
  return sensors.flatMap(({ model }, i) => modelProblems(model, { path: ['sensors', i], models }));
}

/** NATS parts its subjects by dots, which other names may have. */
function subjectProblems({ site, sensors }: MonitorConfig): Problem[] {
  const names: [FieldPath, string][] = [
    [['site'], site],
    ...sensors.flatMap(({ asset, sensor }, i): [FieldPath, string][] => [
      [['sensors', i, 'asset'], asset],
      [['sensors', i, 'sensor'], sensor],
    ]),
  ];
  const message = (name: string) =>
    `must be a name without . * > and white space, since sinks.nats makes subjects of it, got ${show(name)}.`;
  return names.flatMap(([path, name]) => (isSubjectToken(name) ? [] : [{ path, message: message(name) }]));
}

function channelProblems(source: MonitorConfig['sensors'][number]['source'], path: FieldPath): Problem[] {
  const [at, format] =
    'arecord' in source
      ? [[...path, 'arecord'], source.arecord]
      : 'stdin' in source
        ? [[...path, 'stdin'], source.stdin]
        : [path, source];
  const { channels = 1, channel = 0 } = (format ?? {}) as { channels?: number; channel?: number };
  if (channel < channels) return [];
  const message = `must be below channels (${channels}), counted from 0, got ${channel}.`;
  return [{ path: [...at, 'channel'], message }];
}
