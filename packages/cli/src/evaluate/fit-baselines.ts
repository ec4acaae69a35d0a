import { level, melStatistics } from '@serial-oe/baselines';
import type { Dataset } from '@serial-oe/datasets';
import {
  type AsdSystem,
  type ClipScorer,
  type Platform,
  TrainingDataError,
} from '@serial-oe/runtime/contract';
import { recentClips } from './recent-clips';

/** Systems without a network, which are fitted in seconds: what any other has to beat. */
const BASELINES: readonly AsdSystem[] = [melStatistics, level];

/** A baseline that is fitted to be compared with. */
export interface FittedBaseline {
  system: string;
  scorer: ClipScorer;
}

export interface FitBaselinesOptions {
  /** Its normal training clips of the type are what the baselines are fitted on. */
  dataset: Dataset;
  machineType: string;
  /** Systems that score already: the model's own, and the members of an ensemble. */
  known: readonly string[];
  platform: Platform;
  signal: AbortSignal;
  onProgress(text: string, share: number): void;
  onWarning(message: string): void;
}

/**
 * Baselines that the model is not or has not, each clip read once for all of them; without one for which the data set holds no
 * training clips, which is told.
 */
export async function fitBaselines(options: FitBaselinesOptions): Promise<FittedBaseline[]> {
  const { known, platform } = options;
  const loadClip = recentClips(platform.loadClip);
  const systems = BASELINES.filter(({ name }) => !known.includes(name));
  const fitted = await Promise.all(
    systems.map((system) => fitBaseline(system, options, { ...platform, loadClip })),
  );
  return fitted.flatMap((scorer, i) =>
    scorer === null ? [] : [{ system: (systems[i] as AsdSystem).name, scorer }],
  );
}

async function fitBaseline(
  system: AsdSystem,
  { dataset, machineType, signal, onProgress, onWarning }: FitBaselinesOptions,
  platform: Platform,
): Promise<ClipScorer | null> {
  try {
    return await system.train(
      {
        ...{ clips: dataset.clips, target: { machineType }, checkpoint: null, signal },
        config: system.resolveConfig(undefined, {}),
        onProgress: (event) => {
          if (event.kind !== 'reading') return;
          const { nDone, nTotal } = event;
          onProgress(`fitting ${system.name} to compare with ${nDone}/${nTotal}`, nDone / nTotal);
        },
      },
      platform,
    );
  } catch (error) {
    if (!(error instanceof TrainingDataError)) throw error;
    onWarning(`no comparison with ${system.name}: ${error.message}`);
    return null;
  }
}
