import { type GenericSchema, getDescription, getMetadata, getTitle } from 'valibot';
import { FIELDS } from './config-schema';

/** What the schema says of one field. */
export interface FieldSummary {
  /** `['seed']`, `['frontEnd', 'nMels']`, ... */
  keys: readonly string[];
  /** What it takes, in words. */
  type: string;
  help: string;
  /** The paper's value. */
  paper: unknown;
}

/** All fields in the order of the schema. */
export function configFields(): FieldSummary[] {
  return Object.entries<GenericSchema>(FIELDS.entries).flatMap(([name, schema]) =>
    isSection(schema)
      ? Object.entries(schema.entries).map(([key, inner]) => summaryOf([name, key], inner))
      : [summaryOf([name], schema)],
  );
}

/** The names at the top: fields and sections. */
export function topNames(): string[] {
  return Object.keys(FIELDS.entries);
}

function isSection(
  schema: GenericSchema,
): schema is GenericSchema & { entries: Record<string, GenericSchema> } {
  return 'entries' in schema;
}

function summaryOf(keys: readonly string[], schema: GenericSchema): FieldSummary {
  const { paper } = getMetadata(schema) as { paper?: unknown };
  return { keys, type: getTitle(schema) ?? '', help: getDescription(schema) ?? '', paper };
}
