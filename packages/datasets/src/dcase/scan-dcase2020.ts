import type { Dataset } from '../clip';
import { type ScanDcase2020Options, scanDcase2020With } from './scan-dcase2020-with';

/**
 * Lists the clips of a folder in the layout of DCASE2020 Task 2,
 * `<root>/<machineType>/{train,test}/{normal,anomaly}_id_<NN>_<NNNNNNNN>.wav`, or of one machine type's folder
 * of it (`<root>/{train,test}/...`; see `machineType`). Reads names alone, no audio. Synchronous.
 *
 * The file system comes from `process.getBuiltinModule`, so that this entry loads in a browser: there the
 * call throws. On Node before 20.16 import the same function from `@serial-oe/datasets/node`.
 *
 * @returns clips with absolute paths, in the order of type, split and name, and as warnings what was left out
 * @throws DatasetError where the folder is missing or holds no clip of that layout
 */
export function scanDcase2020(root: string, options: ScanDcase2020Options = {}): Dataset {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const fs = process?.getBuiltinModule?.('node:fs');
  const path = process?.getBuiltinModule?.('node:path');
  if (!fs || !path) {
    throw new Error(
      'datasets.scanDcase2020: must run in Node 20.16 or later, got an environment without ' +
        'process.getBuiltinModule. On older Node import it from @serial-oe/datasets/node; a browser has no ' +
        'folders to scan.',
    );
  }
  return scanDcase2020With({ fs, path }, root, options);
}
