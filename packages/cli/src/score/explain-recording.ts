import type { Clip } from '@serial-oe/datasets';
import { type Explanation, explainClip, NormalIndex } from '@serial-oe/explain';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import { UsageError } from '../command/usage-error';
import type { LoadedModel } from '../model/loaded-model';
import { namedMachines } from '../model/machine-names';
import { normalClipsOf } from '../model/normal-clips';
import { fromHere } from '../terminal/from-here';
import type { ReadSamples } from './score-recordings';

/** Says of a recording which seconds and frequencies made its score. */
export type Explainer = (clip: Clip, audio: ReadSamples) => Promise<Explanation>;

/**
 * @param normals folders with normal recordings of the model's machines, to compare with; none: compared with nothing
 * @throws UsageError where they hold none
 */
export async function createExplainer(
  model: LoadedModel,
  normals: readonly string[],
  signal: AbortSignal,
): Promise<Explainer> {
  const index = normals.length === 0 ? undefined : await indexOf(model, normals, signal);
  const known = new Set(index === undefined ? [] : index.machineIds);
  return (clip, { waveform, sampleRate }) => {
    const { machineId } = clip;
    const own = known.has(machineId) ? index : undefined;
    return explainClip(model.scorer, waveform, { sampleRate, machineId, index: own });
  };
}

async function indexOf(
  model: LoadedModel,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<NormalIndex> {
  const { clips: own, nFound } = normalClipsOf(model, folders);
  if (own.length === 0) {
    throw new UsageError(
      `--normals must hold normal recordings of ${namedMachines(model.machineType, model.machineIds)}, got ${nFound} recording(s) and none of them.`,
    );
  }
  const asTraining = own.map((clip) => ({ ...clip, path: fromHere(clip.path), split: 'train' as const }));
  return NormalIndex.build(model.scorer, asTraining, { loadClip: createNodePlatform().loadClip, signal });
}
