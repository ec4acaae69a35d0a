import type { Platform } from '../platform';
import { fromBundleFiles } from './bundle';
import { readBundle } from './bundle-files';
import type { SerialOeModel } from './serial-oe-model';

/** `loadSerialOe` on a platform. */
export async function loadSerialOeWith(
  platform: Platform,
  source: string | Uint8Array | ArrayBuffer,
): Promise<SerialOeModel> {
  const { files, name } = await readBundle(source, platform);
  return fromBundleFiles(files, { name, platform });
}
