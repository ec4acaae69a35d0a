import { show } from '@serial-oe/foundation';

/** Whether a text can be a level of an MQTT topic: it is not empty, and without / + # and control characters. */
export function isTopicLevel(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return name !== '' && !/[/+#\u0000-\u001f\u007f]/.test(name);
}

/**
 * A level of an MQTT topic as the user named it.
 * @throws RangeError for an empty name and for what topics cannot have: / + # and control characters
 */
export function topicLevel(where: string, name: unknown): string {
  if (typeof name === 'string' && isTopicLevel(name)) return name;
  throw new RangeError(`${where} must be a name without / + # and control characters, got ${show(name)}.`);
}
