import { readFile } from 'node:fs/promises';
import { BundleError } from '@serial-oe/runtime/contract';
import { reasonOf } from '@serial-oe/runtime/node/files';

/**
 * The bytes of a weights file.
 * @param what begins the error message, such as `serial-oe train: --weights`
 * @throws BundleError where it cannot be read
 */
export async function readWeightsFile(what: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new BundleError(
      'weights',
      `${what} must name a safetensors file, got ${file}: ${reasonOf(cause)}. Check the path.`,
      { cause },
    );
  }
}
