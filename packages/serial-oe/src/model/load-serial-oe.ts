import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import type { Platform } from '../platform';
import { fromBundleFiles } from './bundle';
import { readBundle } from './bundle-files';
import type { SerialOeModel } from './serial-oe-model';

export interface LoadSerialOeOptions {
  /** Implementation of the extractor's operations; default pure tfjs. */
  ops?: ExtractorOps | undefined;
}

/** `loadSerialOe` on a platform. */
export async function loadSerialOeWith(
  platform: Platform,
  source: string | Uint8Array | ArrayBuffer,
  { ops }: LoadSerialOeOptions = {},
): Promise<SerialOeModel> {
  const { files, name } = await readBundle(source, platform);
  return fromBundleFiles(files, { name, platform, ops });
}
