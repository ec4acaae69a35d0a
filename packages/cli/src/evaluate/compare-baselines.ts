import { level, melStatistics } from '@serial-oe/baselines';
import { type Clip, type Dataset, findMachineId } from '@serial-oe/datasets';
import { type ClipResult, summarize } from '@serial-oe/evaluation';
import {
  type AsdSystem,
  type Platform,
  readAhead,
  TrainingDataError,
  throwIfStopped,
} from '@serial-oe/runtime';
import type { SerialOeEvaluation } from '@serial-oe/serial-oe';
import type { BaselineEvaluation } from './where-baselines-win';

/** Systems without a network, which are fitted in seconds: what a network has to beat. */
const BASELINES: readonly AsdSystem[] = [melStatistics, level];

export interface CompareBaselinesOptions {
  /** Its normal training clips of the type are what the baselines are fitted on. */
  dataset: Dataset;
  maxFpr?: number | undefined;
  platform: Platform;
  signal: AbortSignal;
  onProgress(text: string, share: number): void;
  onWarning(message: string): void;
}

/**
 * The same test clips, scored by systems without a network; none where the data set holds no training clips for them, which is
 * told.
 */
export async function compareBaselines(
  { machineType, results }: SerialOeEvaluation,
  options: CompareBaselinesOptions,
): Promise<BaselineEvaluation[]> {
  const { dataset, maxFpr, platform, onWarning } = options;
  const compared: BaselineEvaluation[] = [];
  for (const system of BASELINES) {
    try {
      const scorer = await system.train(
        {
          ...{ clips: dataset.clips, target: { machineType }, checkpoint: null, signal: options.signal },
          config: system.resolveConfig(undefined, {}),
          onProgress: (event) => {
            if (event.kind === 'reading')
              options.onProgress(
                `fitting ${system.name} ${event.nDone}/${event.nTotal}`,
                event.nDone / event.nTotal,
              );
          },
        },
        platform,
      );
      const clips = testClips(dataset, {
        paths: results.map(({ path }) => path),
        machineIds: scorer.machineIds,
      });
      const scored: ClipResult[] = [];
      for await (const { clip, waveform, sampleRate } of readAhead(clips, platform.loadClip)) {
        throwIfStopped(options.signal, 'while scoring for comparison');
        const { machineId, label } = clip;
        const { anomalyScore } = await scorer.score(waveform, { sampleRate, machineId });
        scored.push({ machineType, machineId, label, anomalyScore });
        options.onProgress(
          `scoring by ${system.name} ${scored.length}/${clips.length}`,
          scored.length / clips.length,
        );
      }
      if (scored.length > 0) {
        compared.push({
          system: system.name,
          summary: summarize(scored, maxFpr === undefined ? {} : { maxFpr }),
        });
      }
    } catch (error) {
      if (!(error instanceof TrainingDataError)) throw error;
      onWarning(`no comparison with ${system.name}: ${error.message}`);
    }
  }
  return compared;
}

/** The evaluated clips of the machines that a baseline knows, under its spelling of their IDs. */
function testClips(
  { clips }: Dataset,
  { paths, machineIds }: { paths: readonly string[]; machineIds: readonly string[] },
): Clip[] {
  const evaluated = new Set(paths);
  return clips
    .filter(({ path, split }) => split === 'test' && evaluated.has(path))
    .flatMap((clip) => {
      const machineId = findMachineId(machineIds, clip.machineId);
      return machineId === undefined ? [] : [{ ...clip, machineId }];
    });
}
