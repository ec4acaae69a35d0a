import { sha256, show } from '@serial-oe/foundation';
import { BundleError } from '@serial-oe/runtime/contract';

/** The file by which a model of these systems is known. */
export const MODEL_FILE = 'model.json';

/** What each model's file holds, whatever else. */
export interface SealedContent {
  system: string;
  formatVersion: number;
}

/** The bytes of {@link MODEL_FILE}: the content, and its SHA-256. */
export function sealModel(content: SealedContent): Uint8Array {
  const checksum = sha256(new TextEncoder().encode(JSON.stringify(content)));
  return new TextEncoder().encode(`${JSON.stringify({ content, checksum })}\n`);
}

/**
 * The content of {@link MODEL_FILE}, whose fields are not checked yet.
 * @param where as in `baselines.level`
 * @throws BundleError where it is missing, altered, of another system or of another format version
 */
export function openSealedModel<Content extends object>(
  where: string,
  files: ReadonlyMap<string, Uint8Array>,
  expected: SealedContent,
): Content {
  const bytes = files.get(MODEL_FILE);
  if (bytes === undefined) {
    throw new BundleError(
      'missing',
      `${where}: the model must hold ${MODEL_FILE}, got ${[...files.keys()].join(', ') || 'no file'}.`,
    );
  }
  const content = readContent(where, bytes) as Partial<SealedContent>;
  if (content.system !== expected.system) {
    throw new BundleError(
      'format',
      `${where}: ${MODEL_FILE} must be of the system '${expected.system}', got ${show(content.system)}.`,
    );
  }
  if (content.formatVersion !== expected.formatVersion) {
    throw new BundleError(
      'version',
      `${where}: ${MODEL_FILE} must have the format version ${expected.formatVersion}, got ${show(content.formatVersion)}. Use the release that wrote it.`,
    );
  }
  return content as Content;
}

/** What `read` makes of the content; what is wrong with it becomes a BundleError. */
export function readSealed<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    throw new BundleError('manifest', `${where}: ${MODEL_FILE} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function readContent(where: string, bytes: Uint8Array): object {
  let json: { content?: unknown; checksum?: unknown } | null;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new BundleError(
      'manifest',
      `${where}: ${MODEL_FILE} must be JSON, got ${(cause as Error).message}.`,
      { cause },
    );
  }
  const content = json?.content;
  if (typeof content !== 'object' || content === null) {
    throw new BundleError('format', `${where}: ${MODEL_FILE} must hold a model, got ${show(content)}.`);
  }
  if (sha256(new TextEncoder().encode(JSON.stringify(content))) !== json?.checksum) {
    throw new BundleError(
      'checksum',
      `${where}: the content of ${MODEL_FILE} must have the checksum that it gives. The file was altered; copy the model again.`,
    );
  }
  return content;
}
