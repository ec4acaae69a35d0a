import type { ClipStore } from '@serial-oe/datasets';
import { applyMixup } from '@serial-oe/losses-mixup';
import type { Amplitude, FrontEnd } from '../features/front-end';
import type { BatchPlan } from './batch-plan';
import type { LossWeights } from './loss-weighting';

/** What a training step feeds the network. */
export interface PreparedBatch {
  /** `[batch, nMels, nFrames]` */
  spectrograms: Float32Array;
  /** `[batch]` */
  y: Float32Array;
  /** t', `[batch, nMachineIds]`; null without IDs. */
  targets: Float32Array | null;
  /** Whether Mixup was applied. */
  isMixed: boolean;
  /** Of a part of a batch: what its losses count in the whole. */
  weights?: LossWeights;
}

export interface BatchContext {
  store: ClipStore;
  frontEnd: FrontEnd;
  amplitude: Amplitude;
  nMachineIds: number;
}

/**
 * Reads the clips of a plan, cuts and normalises the chunks, mixes them, and computes their spectrograms. The same
 * numbers whether it runs beside the network or in a worker.
 */
export async function prepareBatch(plan: BatchPlan, context: BatchContext): Promise<PreparedBatch> {
  const { store, frontEnd, amplitude, nMachineIds } = context;
  const waveforms: Float32Array[] = [];
  for (const [i, clip] of plan.clips.entries()) {
    waveforms.push(frontEnd.trainingChunk(await store.waveform(clip), plan.starts[i] as number, amplitude));
  }
  const targets = nMachineIds > 0 ? oneHotTargets(plan, nMachineIds) : null;
  if (plan.mixup === null) {
    return { spectrograms: frontEnd.spectrograms(waveforms).data, y: plan.y, targets, isMixed: false };
  }
  const mixed = applyMixup(
    {
      waveforms,
      y: plan.y,
      ...(targets && { targets: { data: targets, nRows: plan.y.length, nCols: nMachineIds } }),
    },
    plan.mixup,
  );
  return {
    spectrograms: frontEnd.spectrograms(mixed.waveforms).data,
    y: mixed.y,
    targets: mixed.targets?.data ?? null,
    isMixed: true,
  };
}

/** t' = y * onehot(id). */
function oneHotTargets({ classes }: BatchPlan, nMachineIds: number): Float32Array {
  const targets = new Float32Array(classes.length * nMachineIds);
  classes.forEach((machine, i) => {
    if (machine >= 0) targets[i * nMachineIds + machine] = 1;
  });
  return targets;
}
