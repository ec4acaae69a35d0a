import * as fs from 'node:fs';
import * as path from 'node:path';
import { isSystemName, type ListedRecordings, listRecordings as listWith } from '../layout/list-recordings';

export type { ListedRecordings };
export { isSystemName };

/**
 * Every recording below a folder by the ending of its name, in the order of the names. Hidden files (`._clip.wav`) and what
 * systems put there (`__MACOSX`, `Thumbs.db`) are passed over; links are followed, each real folder and file once, with a
 * warning for those that were left out.
 */
export function listRecordings(folder: string): ListedRecordings {
  return listWith({ fs, path }, folder);
}
