import { BundleError, type FileAccess } from '@serial-oe/runtime';
import { type ModelSource, openModel, openZip, saveModelFiles } from '@serial-oe/runtime/contract';
import type { Platform } from '../platform';
import type { ModelParts } from './model-parts';
import { BUNDLE_FILES, MANIFEST_FILE, type SaveOptions, toBundleFiles } from './write-bundle';

const MARKS: readonly string[] = [MANIFEST_FILE];

/** Writes a bundle as a folder, or as a zip file by its name. */
export async function saveBundle(
  parts: ModelParts,
  { target, platform, options }: { target: string; platform: Platform; options?: SaveOptions },
): Promise<void> {
  const access = fileAccess(platform, 'save');
  await saveModelFiles(await toBundleFiles(parts, options), {
    target,
    access,
    caller: 'serial-oe.save',
    marks: MARKS,
  });
}

/** The files of the bundle at `source`: opened already, bytes of a zip, the path of a folder or a zip, or a URL of either. */
export async function readBundle(
  source: string | Uint8Array | ArrayBuffer | ModelSource,
  { files: access }: Pick<Platform, 'files'>,
  signal?: AbortSignal,
): Promise<{ files: Map<string, Uint8Array>; name: string }> {
  const options = { files: access, caller: 'serial-oe.loadSerialOe', marks: MARKS, signal };
  const { name, read } = isOpen(source) ? source : await openModel(source, options);
  return { files: await read(BUNDLE_FILES), name };
}

/**
 * The files of the bundle in a zip; nothing else is unpacked.
 * @param name the zip's, in messages
 * @throws BundleError
 */
export function unzipBundle(bytes: Uint8Array, name: string): Map<string, Uint8Array> {
  return openZip(bytes, { name, caller: 'serial-oe.loadSerialOe', marks: MARKS }).read(BUNDLE_FILES);
}

function isOpen(source: string | Uint8Array | ArrayBuffer | ModelSource): source is ModelSource {
  return typeof (source as Partial<ModelSource> | null)?.read === 'function';
}

function fileAccess({ files }: Platform, caller: string): FileAccess {
  if (files === null) {
    throw new BundleError(
      'missing',
      `serial-oe.${caller}: needs a file system; in a browser use toBundleFiles and a zip.`,
    );
  }
  return files;
}
