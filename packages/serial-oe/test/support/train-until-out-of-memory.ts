import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine } from '@tensorflow/tfjs-core';
import { type TrainSerialOeOptions, trainSerialOe } from '../../src';
import { TINY_CONFIG, tinyDataset } from './tiny-dataset';

export interface Outcome {
  error: unknown;
  /** Whether the checkpoint file is what it was before the memory ran out. */
  isCheckpointIntact: boolean;
}

/** Trains with 40 samples a step until the first checkpoint; from then on the heap has no large block left. */
export async function trainUntilOutOfMemory(options: Pick<TrainSerialOeOptions, 'ops'>): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-memory-'));
  const file = join(folder, 'checkpoint.safetensors');
  let saved: Buffer | null = null;
  try {
    const error = await trainSerialOe({
      ...options,
      dataset: tinyDataset({ nTrain: 40 }),
      machineType: 'fan',
      preset: 'quick',
      config: {
        ...TINY_CONFIG,
        frontEnd: { ...TINY_CONFIG.frontEnd, nMels: 128, hopLength: 250 },
        batch: { nNormal: 20, nOutliers: 20 },
      },
      featureWorkers: 0,
      checkpointDir: folder,
      checkpointEverySeconds: 0,
      onProgress: (event) => {
        if (event.kind !== 'checkpoint' || saved !== null) return;
        saved = readFileSync(file);
        fillHeap();
      },
    }).then(
      () => null,
      (reason: unknown) => reason,
    );
    const before: Buffer | null = saved;
    return { error, isCheckpointIntact: before !== null && readFileSync(file).equals(before) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Takes all blocks of 16 MiB and more that the WASM heap has, without touching their memory. */
function fillHeap(): void {
  const { wasm } = engine().backend as unknown as { wasm: { _malloc(nBytes: number): number } };
  for (let size = 2 ** 26; size >= 2 ** 24; size /= 2) while (wasm._malloc(size) !== 0);
}
