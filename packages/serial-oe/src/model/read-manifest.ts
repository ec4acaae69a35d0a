import { show } from '@serial-oe/foundation';
import { BundleError, type BundleProblem } from '@serial-oe/runtime';
import { checkConfig } from '../config/check-config';
import { manifestProblems } from './check-manifest';
import { manifestChecksum } from './manifest-checksum';
import { FORMAT, FORMAT_VERSION, MANIFEST_FILE, type Manifest } from './write-bundle';

const WHERE = 'serial-oe.loadSerialOe';

/**
 * The manifest of a bundle, checked but for the insides of its detectors.
 * @throws BundleError naming what is missing, misshapen, altered, or of another format version
 */
export function readManifest(bytes: Uint8Array | undefined, name: string): Manifest {
  const refuse = (problem: BundleProblem, message: string, cause?: unknown): never => {
    throw new BundleError(problem, `${WHERE}: ${message}`, cause === undefined ? undefined : { cause });
  };
  if (bytes === undefined) {
    return refuse('missing', `${name} must hold ${MANIFEST_FILE}, got none. It is no model bundle.`);
  }
  const manifest = parse(bytes, (what, cause) =>
    refuse('manifest', `${MANIFEST_FILE} of ${name} must be a JSON object, got ${what}.`, cause),
  );
  if (manifest.format !== FORMAT) {
    return refuse('format', `${name} must be a ${FORMAT}, got ${show(manifest.format)}.`);
  }
  if (manifest.formatVersion !== FORMAT_VERSION) {
    return refuse(
      'version',
      `${name} must have the format version ${FORMAT_VERSION}, got ${show(manifest.formatVersion)}. ` +
        'Load it with the version of @serial-oe/serial-oe that wrote it, or train again.',
    );
  }
  const problems = manifestProblems(manifest);
  if (problems.length > 0) refuse('manifest', `${MANIFEST_FILE} of ${name}: ${problems.join('; ')}.`);
  try {
    checkConfig('loadSerialOe', manifest.config);
  } catch (cause) {
    const { message } = cause as Error;
    throw new BundleError('manifest', `${message} It stands in ${MANIFEST_FILE} of ${name}.`, { cause });
  }
  checkOwnChecksum(manifest, name);
  return manifest as unknown as Manifest;
}

function parse(bytes: Uint8Array, refuse: (what: string, cause?: unknown) => never): Record<string, unknown> {
  const text = new TextDecoder().decode(bytes);
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    return refuse(`text that is none and starts ${JSON.stringify(text.slice(0, 40))}`, cause);
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    return refuse(show(manifest).slice(0, 60));
  }
  return manifest as Record<string, unknown>;
}

/** Settings, thresholds and IDs that were altered after saving would give other verdicts without a word. */
function checkOwnChecksum(manifest: Record<string, unknown>, name: string): void {
  const stored = (manifest.checksums as Record<string, unknown>)[MANIFEST_FILE];
  let checksum: string;
  try {
    checksum = manifestChecksum(manifest, MANIFEST_FILE);
  } catch (cause) {
    const message = `${WHERE}: ${MANIFEST_FILE} of ${name} cannot be read: ${(cause as Error).message}`;
    throw new BundleError('manifest', message, { cause });
  }
  if (checksum === stored) return;
  throw new BundleError(
    'checksum',
    `${WHERE}: ${MANIFEST_FILE} of ${name} must have the checksum that it gives for its own content, got ${checksum}. ` +
      'The file was altered after the model was saved (a threshold, a setting, a machine ID): copy the model again.',
  );
}
