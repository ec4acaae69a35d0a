import { readJsonObject, sha256 } from '@serial-oe/foundation';

/** A file of plain JSON that tells whether it was altered: the content, and its SHA-256. */
export function sealJson(content: object): Uint8Array {
  const checksum = jsonChecksum(content);
  return new TextEncoder().encode(`${JSON.stringify({ content, checksum }, null, 1)}\n`);
}

/**
 * The content that {@link sealJson} sealed, whose fields are not checked yet.
 * @param remedy ends the message for a file that was altered
 * @throws RangeError or TypeError for bytes that are no such file, or were altered
 */
export function openSealedJson(where: string, bytes: Uint8Array, remedy: string): unknown {
  const { content, checksum } = readJsonObject(where, new TextDecoder().decode(bytes));
  if (checksum === jsonChecksum(content)) return content;
  throw new RangeError(`${where}: the content must have the checksum that it gives. ${remedy}`);
}

/** SHA-256 of the content as JSON without spaces. */
export function jsonChecksum(content: unknown): string {
  return sha256(new TextEncoder().encode(JSON.stringify(content) ?? ''));
}
