/**
 * Start weights of our own: the extractor learns to tell hundreds of synthetic machines apart.
 *
 *     npm run build
 *     npm run start-weights -- --out DIR [--ids 40] [--clips 6] [--seconds 4] [--epochs 60] [--workers 1] [--seed 1] [--resume]
 *
 * All machines of six types count as one type with as many IDs, by cross-entropy with Mixup, with the front end of the preset
 * `quick`. DIR gets a checkpoint a minute (Ctrl-C saves one, --resume goes on), `history.json`, and `start-weights.safetensors` for
 * `serial-oe train --weights`. docs/how-good.md says what they are worth.
 */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Clip, generateMachineSounds } from '@serial-oe/datasets';
import { exportBackbone } from '@serial-oe/efficientnet-extractor';
import { startBackend } from '@serial-oe/runtime/node';
import { trainSerialOe } from '@serial-oe/serial-oe';

const TYPE = 'machine';
/** A training needs sounds of another type; with the type loss off they are not looked at. */
const OTHERS = { type: 'other', n: 20 };

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    ids: { type: 'string', default: '40' },
    clips: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '4' },
    epochs: { type: 'string', default: '60' },
    workers: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
  },
});
const { out } = values;
if (!out) throw new Error('start-weights: --out DIR must be given.');
mkdirSync(out, { recursive: true });
await startBackend('wasm');
const clips = syntheticMachines();
const nIds = new Set(
  clips.filter(({ machineType }) => machineType === TYPE).map(({ machineId }) => machineId),
).size;
console.error(`${clips.length} clips of ${nIds} machines`);

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
const model = await trainSerialOe({
  dataset: { clips, name: 'synthetic machines' },
  machineType: TYPE,
  preset: 'quick',
  config: {
    seed: Number(values.seed),
    loss: { useTypeLoss: false, idLoss: 'crossEntropy', alpha: 1 },
    batch: { nNormal: 30, nOutliers: 2 },
    optimization: { nEpochs: Number(values.epochs), maxLearningRate: 2e-3 },
    validation: { fraction: 0 },
    detector: { kind: 'clipMahalanobis', fitOn: 'train' },
  },
  workers: Number(values.workers),
  checkpointDir: out,
  resume: values.resume,
  signal: interrupt.signal,
  onProgress: (progress) => {
    if (progress.kind === 'epoch')
      console.error(JSON.stringify({ ...progress, at: new Date().toISOString() }));
  },
});
const file = exportBackbone(model.parts.weights, {
  sourceName: `serial-oe start weights: ${nIds} synthetic machines, ${values.epochs} epochs, seed ${values.seed}`,
});
save('start-weights.safetensors', file);
save('history.json', `${JSON.stringify(model.provenance.history, null, 1)}\n`);
model.dispose();

function syntheticMachines(): Clip[] {
  const options = { nTest: 0, durationSeconds: Number(values.seconds), seed: Number(values.seed) };
  const all = [
    ...generateMachineSounds({ ...options, nIds: Number(values.ids), nTrain: Number(values.clips) }),
  ];
  const others = [
    ...generateMachineSounds({
      ...options,
      machineTypes: ['fan'],
      nIds: 1,
      nTrain: OTHERS.n,
      seed: options.seed + 1,
    }),
  ];
  return [
    ...all.map((clip) => ({
      ...clip,
      machineType: TYPE,
      machineId: `${clip.machineType}-${clip.machineId}`,
    })),
    ...others.map((clip) => ({ ...clip, machineType: OTHERS.type })),
  ];
}

function save(name: string, content: Uint8Array | string): void {
  const path = join(out!, name);
  writeFileSync(`${path}.partial`, content);
  renameSync(`${path}.partial`, path);
}
