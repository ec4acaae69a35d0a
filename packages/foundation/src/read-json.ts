import { show } from './show';

/**
 * The fields of what a `toJSON` made, given as an object or as text, with its `kind` and `version` checked.
 *
 * @param where `<package>.<function>`.
 * @throws TypeError where it is no object, no JSON or of another kind; RangeError for another version.
 */
export function readJson(
  where: string,
  source: unknown,
  { kind, version }: { kind: string; version: number },
): Record<string, unknown> {
  const fields = readJsonObject(where, source);
  if (fields.kind !== kind) {
    throw new TypeError(
      `${where}: json.kind must be ${show(kind)}, got ${show(fields.kind)}. Give what toJSON made.`,
    );
  }
  if (fields.version !== version) {
    throw new RangeError(
      `${where}: json.version must be ${version}, got ${show(fields.version)}. Use the release that wrote it.`,
    );
  }
  return fields;
}

/**
 * The fields of a JSON object, given as such or as text.
 *
 * @param where `<package>.<function>`.
 * @throws TypeError where it is no object or no JSON.
 */
export function readJsonObject(where: string, source: unknown): Record<string, unknown> {
  const json = typeof source === 'string' ? parse(where, source) : source;
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  throw new TypeError(`${where}: json must be an object or JSON text, got ${show(json)}.`);
}

function parse(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`${where}: json must be JSON, got text that is not.`, { cause });
  }
}
