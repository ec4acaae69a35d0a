import type { Clip } from '@serial-oe/datasets';
import { averageAuc, rocAuc } from '@serial-oe/evaluation';
import type { AsdSystem } from '@serial-oe/runtime';
import { createNodePlatform } from '@serial-oe/runtime/node';
import { groupsOf } from './groups-of';

const MIN_OF_EACH_CLASS = 3;

/** A test clip that a system has scored. */
export interface ScoredClip {
  clip: Clip;
  score: number;
}

/** Trains a system on the training clips of a type, waveforms in memory, and scores the test clips. */
export async function scoreClips(
  system: AsdSystem,
  clips: readonly Clip[],
  { machineType, config = {} }: { machineType: string; config?: object },
): Promise<ScoredClip[]> {
  const job = {
    clips: clips.filter(({ split }) => split === 'train'),
    target: { machineType },
    config: system.resolveConfig(undefined, config),
    checkpoint: null,
    onProgress: () => {},
  };
  const scorer = await system.train(job, {
    ...createNodePlatform(),
    loadClip: async ({ waveform, sampleRate }) => ({ waveform: waveform!, sampleRate: sampleRate! }),
  });
  try {
    const scored: ScoredClip[] = [];
    for (const clip of clips) {
      const { machineId, waveform, sampleRate } = clip;
      if (clip.split !== 'test' || clip.machineType !== machineType) continue;
      if (!scorer.machineIds.includes(machineId)) continue;
      const { anomalyScore } = await scorer.score(waveform!, { sampleRate: sampleRate!, machineId });
      scored.push({ clip, score: anomalyScore });
    }
    return scored;
  } finally {
    scorer.dispose();
  }
}

/** Percent: means of the machines that have three normal and three anomalous test clips; NaN-free, null where none has. */
export function areasOf(scored: readonly ScoredClip[]): { auc: number; aAuc: number } | null {
  const machines = groupsOf(scored, ({ clip }) => clip.machineId)
    .map((own) => ({
      labels: own.map(({ clip }): 0 | 1 => (clip.label === 'anomaly' ? 1 : 0)),
      scores: own.map(({ score }) => score),
    }))
    .filter(({ labels }) =>
      [0, 1].every((label) => labels.filter((each) => each === label).length >= MIN_OF_EACH_CLASS),
    );
  if (machines.length === 0) return null;
  const areas = machines.map(({ labels, scores }) => {
    const auc = rocAuc(labels, scores);
    return { auc, aAuc: averageAuc({ auc, pAuc: rocAuc(labels, scores, { maxFpr: 0.1 }) }) };
  });
  const mean = (name: 'auc' | 'aAuc') =>
    (100 * areas.reduce((sum, each) => sum + each[name], 0)) / areas.length;
  return { auc: mean('auc'), aAuc: mean('aAuc') };
}
