import type { Clip } from '@serial-oe/datasets';
import type { NamedClip } from '../../src/jobs/job-types';
import { nameClips } from '../../src/plan/name-clips';

/** Clips on paper: two types, of each the given IDs, with so many normal and anomalous test clips. */
export function listClips({ ids = ['00', '01'], nTrain = 3, nNormal = 3, nAnomalous = 6 } = {}): NamedClip[] {
  const clips = ['fan', 'pump'].flatMap((machineType) =>
    ids.flatMap((machineId) => {
      const some = (n: number, split: Clip['split'], label: Clip['label']) =>
        Array.from({ length: n }, (_, i): Clip => {
          const path = `/data/${machineType}/${split}/${label}_id_${machineId}_${String(i).padStart(8, '0')}.wav`;
          return { path, machineType, machineId, label, split };
        });
      return [
        ...some(nTrain, 'train', 'normal'),
        ...some(nNormal, 'test', 'normal'),
        ...some(nAnomalous, 'test', 'anomaly'),
      ];
    }),
  );
  return nameClips(clips);
}

export const names = (clips: readonly NamedClip[]) => clips.map(({ name }) => name);
