import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { checkTfjsNodeSupport } from '../../backends/tfjs-node-support';
import { isMissing, load } from './load-package';

const TFJS_NODE = '@tensorflow/tfjs-node';
/** Names a folder whose node_modules holds tfjs-node, for one that was compiled outside the project. */
const FOLDER_VARIABLE = 'SERIAL_OE_TFJS_NODE';

const COMPILE =
  'where storage.googleapis.com is blocked, run "npx -p @serial-oe/runtime serial-oe-build-tfjs-node FOLDER", ' +
  `which compiles it, and set ${FOLDER_VARIABLE}=FOLDER`;

/**
 * Loads tfjs-node, which registers the backend `tensorflow`: from the folder that SERIAL_OE_TFJS_NODE names, or else as
 * any package. TensorFlow's own information lines are switched off; its warnings stay.
 * @throws BackendError saying what mends it: not installed, without its native addon or library, Node too new
 */
export async function loadTfjsNode(caller: string): Promise<void> {
  checkTfjsNodeSupport(caller);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined || folder === '') {
    await load(TFJS_NODE, undefined, explain);
  } else {
    const fromFolder = createRequire(join(resolve(folder), 'package.json'));
    await load(
      TFJS_NODE,
      () => fromFolder(TFJS_NODE),
      (cause) => explain(cause, folder),
    );
  }
}

/** What is wrong and what mends it; undefined where it is something else. */
function explain(cause: Error, folder?: string): string | undefined {
  if (isMissing(TFJS_NODE, cause)) {
    return folder === undefined
      ? `${TFJS_NODE} must be installed for this backend. Run "npm install ${TFJS_NODE}"; ${COMPILE}.`
      : `${FOLDER_VARIABLE} must name a folder where ${TFJS_NODE} is installed, got ${folder}. ` +
          `Run "npx -p @serial-oe/runtime serial-oe-build-tfjs-node ${folder}", or unset it.`;
  }
  const isAddonMissing = cause.message.includes('tfjs_binding.node) can not be found');
  const isLibraryMissing = (cause as NodeJS.ErrnoException).code === 'ERR_DLOPEN_FAILED';
  if (!isAddonMissing && !isLibraryMissing) return undefined;
  const what = isAddonMissing
    ? 'its native addon, which its install step makes'
    : `the TensorFlow library that its native addon needs (${cause.message})`;
  return `${TFJS_NODE} is installed without ${what}. Run "npm rebuild ${TFJS_NODE}"${folder ? ` in ${folder}` : ''}; ${COMPILE}.`;
}
