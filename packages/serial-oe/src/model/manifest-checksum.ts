import { sha256 } from '@serial-oe/foundation';
import { MAX_DEPTH } from './manifest-arrays';

/**
 * SHA-256 of a manifest's content: of its canonical JSON (RFC 8785: names sorted, no white space), without the checksum
 * itself. Another order, indentation or line ending is the same content.
 *
 * @param key name of the checksum in `checksums`, which is left out
 * @throws RangeError where values are nested too deep
 */
export function manifestChecksum(manifest: Readonly<Record<string, unknown>>, key: string): string {
  const { [key]: _, ...checksums } = manifest.checksums as Record<string, unknown>;
  return sha256(canonicalJson({ ...manifest, checksums }));
}

function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth > MAX_DEPTH) throw new RangeError(`it must not be nested deeper than ${MAX_DEPTH} levels.`);
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each, depth + 1)).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each, depth + 1)}`);
  return `{${fields.join(',')}}`;
}
