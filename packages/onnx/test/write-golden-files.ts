// Writes what tools/reference/onnx_file.py reads: npx tsx packages/onnx/test/write-golden-files.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN_BATCH, goldenFeatures, goldenFile, goldenNetwork } from './golden-files';

const folder = process.argv[2];
if (folder === undefined) throw new Error('The folder to write into is needed.');
mkdirSync(folder, { recursive: true });
for (const weights of ['float32', 'float16'] as const)
  writeFileSync(join(folder, `${weights}.onnx`), goldenFile(weights));
const shape = [GOLDEN_BATCH, 1, ...goldenNetwork().inputShape];
writeFileSync(join(folder, 'features.json'), JSON.stringify({ shape, data: [...goldenFeatures()] }));
