import { type ZipOptions, zipSync } from 'fflate';
import { FileExistsError } from '../errors';
import type { FileAccess } from '../files';

/** Zip's date field begins in 1980; a fixed date keeps the same model the same file. */
const ZIP_DATE = '1980-01-01T00:00:00';

export interface SaveModelFilesOptions {
  /** A folder, or a file where the name ends in `.serialoe` or `.zip`; a model that is there already is replaced as a whole. */
  target: string;
  access: FileAccess;
  /** Opens the messages. */
  caller: string;
  /** Files of which every model has one: a folder without any of them is not replaced. */
  marks: readonly string[];
}

/**
 * Writes a model's files as a folder, or as a zip file by its name.
 * @throws FileExistsError where something else than a model stands there
 */
export async function saveModelFiles(
  files: ReadonlyMap<string, Uint8Array>,
  { target, access, caller, marks }: SaveModelFilesOptions,
): Promise<void> {
  if (isZipName(target)) {
    await access.writeFile(target, zip(files));
    return;
  }
  if ((await access.exists(target)) && !(await holdsModel(target, access, marks))) {
    throw new FileExistsError(
      `${caller}: target must be a new folder or a model, got ${target}, which is neither. Nothing was written.`,
    );
  }
  await access.writeFolder(target, files);
}

/** Whether a model of that name is one file: a zip, also by the name `.serialoe`. */
export function isZipName(target: string): boolean {
  return /\.(zip|serialoe)$/i.test(target);
}

/** Whether one of the marks of a model stands in the folder. */
export async function holdsModel(
  folder: string,
  access: FileAccess,
  marks: readonly string[],
): Promise<boolean> {
  for (const mark of marks) if (await access.exists(access.join(folder, mark))) return true;
  return false;
}

/** Text is compressed; weights hardly shrink and would take seconds. */
function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = [...files].map(([name, bytes]): [string, [Uint8Array, ZipOptions]] => [
    name,
    [bytes, { level: name.endsWith('.safetensors') ? 0 : 6 }],
  ]);
  return zipSync(Object.fromEntries(entries), { mtime: ZIP_DATE });
}
