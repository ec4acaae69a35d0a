import { show } from '@serial-oe/foundation';

/**
 * A level of an MQTT topic as the user named it.
 * @throws RangeError for an empty name and for what topics cannot have: / + # and control characters
 */
export function topicLevel(where: string, name: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (typeof name === 'string' && name !== '' && !/[/+#\u0000-\u001f\u007f]/.test(name)) return name;
  throw new RangeError(`${where} must be a name without / + # and control characters, got ${show(name)}.`);
}
