import { type FoundModel as AnyModel, findModel as findAnyModel } from '@serial-oe/runtime/contract';
import { createFileAccess } from '@serial-oe/runtime/node/files';
import { SYSTEM_NAMES, type SystemName } from '../system-table';

export { MODEL_MARKS } from '@serial-oe/runtime/contract';

/** A model of a system that the command knows. */
export type FoundModel = AnyModel<SystemName>;

/**
 * Looks into the folder, zip or address and says of which system the model is.
 * @throws BundleError where there is no model, or one of a system that the command does not know
 */
export async function findModel(source: string, signal?: AbortSignal): Promise<FoundModel> {
  const caller = 'serial-oe';
  return findAnyModel(source, { files: createFileAccess(), caller, systems: SYSTEM_NAMES, signal });
}
