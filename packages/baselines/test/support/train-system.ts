import type { Clip } from '@serial-oe/datasets';
import type { AsdSystem, ClipScorer, Target, TrainingJob, TrainingProgress } from '@serial-oe/runtime';
import { platform } from './sounds';

export interface TrainOptions extends Partial<Omit<TrainingJob, 'clips' | 'config'>> {
  overrides?: object;
  preset?: string;
}

/** Trains on clips in memory, and says what was told meanwhile. */
export async function trainSystem(
  system: AsdSystem,
  clips: readonly Clip[],
  {
    overrides = {},
    preset,
    target = { machineType: 'fan' },
    ...job
  }: TrainOptions & { target?: Target } = {},
): Promise<{ scorer: ClipScorer; events: TrainingProgress[] }> {
  const events: TrainingProgress[] = [];
  const scorer = await system.train(
    {
      ...{ clips, target, config: system.resolveConfig(preset, overrides), checkpoint: null },
      onProgress: (event) => events.push(event),
      ...job,
    },
    platform,
  );
  return { scorer, events };
}
