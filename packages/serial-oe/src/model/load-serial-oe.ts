import type { ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { activeBackend, fastestOps } from '../backend';
import type { Platform } from '../platform';
import { fromBundleFiles } from './bundle';
import { readBundle } from './bundle-files';
import type { SerialOeModel } from './serial-oe-model';

/** How a model is loaded. */
export interface LoadSerialOeOptions {
  /**
   * Told where scoring will be slow, for lack of WebAssembly SIMD. Default: nobody; `model.operations` says it too
   * (`tfjs` on the WASM backend).
   */
  onWarning?: ((message: string) => void) | undefined;
  /**
   * Implementation of the extractor's operations. Default: `createWasmOps` of @serial-oe/wasm-kernels on the WASM
   * backend; pure tfjs elsewhere, and where WebAssembly has no SIMD.
   */
  ops?: ExtractorOps | undefined;
}

/** `loadSerialOe` on a platform. */
export async function loadSerialOeWith(
  platform: Platform,
  source: string | Uint8Array | ArrayBuffer,
  { ops, onWarning = () => {} }: LoadSerialOeOptions = {},
): Promise<SerialOeModel> {
  const { files, name } = await readBundle(source, platform);
  await activeBackend(); // may still be starting
  return fromBundleFiles(files, { name, platform, ops: ops ?? (await fastestOps('scoring', onWarning)) });
}
