import { checkKind, show } from '@serial-oe/foundation';

/** Checks a text that is there to be read: not empty. `where` is `<package>.<function>: <parameter>`. */
export function checkText(where: string, value: unknown): string {
  const text = checkKind(where, value, 'string');
  if (text.trim() === '') throw new RangeError(`${where} must not be empty, got ${show(text)}.`);
  return text;
}
