import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Dataset } from '../clip';
import { type ScanDcase2020Options, scanDcase2020With } from '../dcase/scan-dcase2020-with';

/** `scanDcase2020` of the main entry, for any Node 20. */
export function scanDcase2020(root: string, options: ScanDcase2020Options = {}): Dataset {
  return scanDcase2020With({ fs, path }, root, options);
}
