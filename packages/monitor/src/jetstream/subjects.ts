import { checkNumber, show, wholeNumber } from '@serial-oe/foundation';
import type { SensorName } from '../events';

type Named = Pick<SensorName, 'site' | 'asset' | 'sensor'>;

/** Whether a text can be a token of a NATS subject: it is not empty, and without . * > white space and control characters. */
export function isSubjectToken(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return name !== '' && !/[.*>\s\u0000-\u001f\u007f]/.test(name);
}

/**
 * A token of a NATS subject as the user named it.
 * @throws RangeError for an empty name and for what tokens cannot have: . * > white space and control characters
 */
export function subjectToken(where: string, name: unknown): string {
  if (typeof name === 'string' && isSubjectToken(name)) return name;
  throw new RangeError(
    `${where} must be a name without . * > white space and control characters, got ${show(name)}.`,
  );
}

/** `site.asset.sensor`, checked. */
export function sensorSubject(where: string, { site, asset, sensor }: Named): string {
  return Object.entries({ site, asset, sensor })
    .map(([key, value]) => subjectToken(`${where}: ${key}`, value))
    .join('.');
}

/**
 * Which of `nPartitions` a sensor belongs to, from 0: what NATS' own subject mapping `partition(n, 1, 2, 3)` says of site, asset and
 * sensor (FNV-1a, 32 bits), so that sensors which publish plainly and are mapped by the server come to the same place.
 */
export function partitionOf(name: Named, nPartitions: number): number {
  checkNumber('monitor.partitionOf: nPartitions', nPartitions, wholeNumber(1, 65_536));
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name.site + name.asset + name.sensor)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0) % nPartitions;
}
