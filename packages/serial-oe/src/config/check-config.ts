import { nearestName, show } from '@serial-oe/foundation';
import { safeParse } from 'valibot';
import type { SerialOeConfig } from './config';
import { configFields, topNames } from './config-fields';
import { CONFIG } from './config-relations';
import { OWN_WORDS } from './schema-field';

/**
 * Throws for the first field that is missing, unknown or breaks its rule. An unknown one is told with the one that was
 * probably meant, in whichever section it stands.
 *
 * @param config of any kind, such as what a file holds
 * @throws RangeError; TypeError where the whole or a section is no object
 */
export function checkConfig(caller: string, config: unknown): asserts config is SerialOeConfig {
  const issue = safeParse(CONFIG, config).issues?.[0];
  if (issue === undefined) return;
  const path = issue.path ?? [];
  const keys = path.map(({ key }) => String(key));
  const field = configFields().find((each) => each.keys.every((key, i) => key === keys[i]));
  const where = `serial-oe.${caller}: ${['config', ...(field?.keys ?? keys)].join('.')}`;
  if (field !== undefined) {
    const value = path[field.keys.length - 1]?.value;
    const rule = issue.message.startsWith(OWN_WORDS) ? issue.message : `must be ${field.type}`;
    throw new RangeError(`${where} ${rule}, got ${show(value)}.`);
  }
  if (keys.length === 0 || (keys.length === 1 && topNames().includes(keys[0]!))) {
    throw new TypeError(
      `${where} must be an object, got ${show(keys.length === 0 ? config : path[0]?.value)}.`,
    );
  }
  throw new RangeError(`${where} is unknown. ${remedyFor(keys)}`);
}

/** The nearest name of the section, or of any; else all that the section has. */
function remedyFor(keys: readonly string[]): string {
  const section = keys.slice(0, -1);
  const wrong = keys.at(-1)!;
  const fields = configFields().map((field) => field.keys);
  const own = section.length === 0 ? topNames() : fields.filter(([name]) => name === section[0]).map(leaf);
  const near = nearestName(wrong, own);
  if (near !== undefined) return `Did you mean ${[...section, near].join('.')}?`;
  const elsewhere = nearestName(wrong, fields.map(leaf));
  const meant = fields.find((field) => leaf(field) === elsewhere);
  if (meant !== undefined) return `Did you mean ${meant.join('.')}?`;
  return `There are ${own.map((name) => [...section, name].join('.')).join(', ')}.`;
}

const leaf = (keys: readonly string[]) => keys.at(-1)!;
