import type { Clip } from '@serial-oe/datasets';
import { mergeDatasets } from '@serial-oe/datasets';
import { scanDataset } from '@serial-oe/datasets/node';
import { type Explanation, explainClip, NormalIndex } from '@serial-oe/explain';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import { UsageError } from '../command/usage-error';
import type { LoadedModel } from '../model/loaded-model';
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
  const { machineType, machineIds, scorer } = model;
  const { clips } = mergeDatasets(folders.map((folder) => scanDataset(folder)));
  const own = clips.filter(
    (clip) =>
      clip.machineType === machineType && clip.label === 'normal' && machineIds.includes(clip.machineId),
  );
  if (own.length === 0) {
    throw new UsageError(
      `--normals must hold normal recordings of ${machineType} ${machineIds.join(', ')}, got ${clips.length} recording(s) and none of them.`,
    );
  }
  const asTraining = own.map((clip) => ({ ...clip, split: 'train' as const }));
  return NormalIndex.build(scorer, asTraining, { loadClip: createNodePlatform().loadClip, signal });
}
