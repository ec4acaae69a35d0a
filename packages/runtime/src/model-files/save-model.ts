import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { ClipScorer, ToFilesOptions } from '../contract/asd-system';
import type { Platform } from '../contract/platform';
import { MODEL_MARKS } from './find-model';
import { saveModelFiles } from './save-model-files';

export interface SaveModelOptions extends ToFilesOptions {
  /** `createNodePlatform()` of @serial-oe/runtime/node/files. */
  platform: Pick<Platform, 'files'>;
}

const OPTIONS: OptionNames<SaveModelOptions> = { platform: true, weights: true };

/**
 * Writes a model of any system with its thresholds, as `loadModel` and the command read it: a folder, or a zip where the name ends in
 * `.serialoe` or `.zip`. A model that is there already is replaced as a whole.
 *
 * @throws FileExistsError where something else than a model stands there; TypeError on a platform without files, where `toFiles` of the
 *   scorer gives the bytes
 */
export async function saveModel(
  scorer: ClipScorer,
  target: string,
  options: SaveModelOptions,
): Promise<void> {
  const caller = 'runtime.saveModel';
  checkOptions(caller, options, OPTIONS);
  const { platform, weights } = options;
  if (platform.files === null) {
    throw new TypeError(`${caller}: platform must have files, got one of a browser. Take scorer.toFiles().`);
  }
  const files = await scorer.toFiles(weights === undefined ? undefined : { weights });
  await saveModelFiles(files, { target, access: platform.files, caller, marks: MODEL_MARKS });
}
