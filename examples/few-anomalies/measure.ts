import { type Clip, seededRandom } from '@serial-oe/datasets';
import { type BootstrappedFigure, pairedBootstrap, rocAuc, summarize } from '@serial-oe/evaluation';

/** What models of any kind have in common here. */
interface Scorer {
  score(
    waveform: Float32Array,
    options: { sampleRate: number; machineId: string },
  ): { anomalyScore: number } | Promise<{ anomalyScore: number }>;
}

export interface ScoredClip extends Pick<Clip, 'machineType' | 'machineId' | 'label'> {
  anomalyScore: number;
}

export async function scoreAll(scorer: Scorer, clips: readonly Clip[]): Promise<ScoredClip[]> {
  const scored: ScoredClip[] = [];
  for (const { machineType, machineId, label, waveform, sampleRate } of clips) {
    const { anomalyScore } = await scorer.score(waveform!, { sampleRate: sampleRate!, machineId });
    scored.push({ machineType, machineId, label, anomalyScore });
  }
  return scored;
}

/** Mean over the machines. */
export function auc(scored: readonly ScoredClip[]): number {
  return summarize(scored).overall.auc!;
}

/** Of the AUC of two models on the same clips, with the interval that other clips of these machines would give. */
export function difference(after: readonly ScoredClip[], before: readonly ScoredClip[]): BootstrappedFigure {
  const machineIds = [...new Set(after.map(({ machineId }) => machineId))];
  const mean = (scored: readonly ScoredClip[], drawn: Int32Array) =>
    machineIds.reduce((sum, machineId) => {
      const own = Array.from(drawn, (i) => scored[i]!).filter((each) => each.machineId === machineId);
      return (
        sum +
        rocAuc(
          own.map(({ label }) => label),
          own.map(({ anomalyScore }) => anomalyScore),
        ) /
          machineIds.length
      );
    }, 0);
  const [figure] = pairedBootstrap({
    strata: after.map(({ machineId, label }) => `${machineId} ${label}`),
    statistics: (drawn) => [mean(after, drawn) - mean(before, drawn)],
    random: seededRandom(0, 'bootstrap'),
  });
  return figure!;
}
