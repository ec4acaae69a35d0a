import type { Clip } from '@serial-oe/datasets';
import { NormalThreshold, realizedRate, thresholdByCost } from '@serial-oe/decision';
import { type ClipScorer, Decisions } from '@serial-oe/runtime/contract';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import { scoreRecordings } from '../score/score-recordings';

/** What mistakes cost, in any one unit, and how often there is something to be missed. */
export interface Costs {
  missCost: number;
  falseAlarmCost: number;
  /** Share of clips in use that are anomalous. */
  anomalyRate: number;
}

/** Scores of known faults, by machine. */
export type FaultScores = ReadonlyMap<string, readonly number[]>;

/** @throws the error of a clip that cannot be scored */
export async function scoreFaults(
  scorer: ClipScorer,
  clips: readonly Clip[],
  { signal, onProgress }: { signal: AbortSignal; onProgress(text: string, share: number): void },
): Promise<FaultScores> {
  const { loadClip: read } = createNodePlatform();
  const scores = new Map<string, number[]>();
  const score = (clip: Clip, { waveform, sampleRate }: { waveform: Float32Array; sampleRate: number }) =>
    scorer.score(waveform, { sampleRate, machineId: clip.machineId });
  let nDone = 0;
  for await (const scored of scoreRecordings(clips, { read, score, nAtOnce: 1, signal })) {
    if ('error' in scored) throw scored.error;
    const { machineId } = scored.clip;
    scores.set(machineId, [...(scores.get(machineId) ?? []), scored.score.anomalyScore]);
    onProgress(`scoring known anomalies ${++nDone}/${clips.length}`, nDone / clips.length);
  }
  return scores;
}

/**
 * The decisions with the thresholds of least expected cost for the machines of which there are known faults. What is asked for is then
 * the rate of false alarms that comes with it: (n + 1/2) / (N + 1) for n of N normal scores above the threshold.
 */
export function withCosts(decisions: Decisions, faults: FaultScores, costs: Costs): Decisions {
  const moved = [...decisions.machines].map(([machineId, own]) => {
    const scores = faults.get(machineId);
    if (scores === undefined) return [machineId, own] as const;
    const { threshold, falseAlarms } = thresholdByCost(own.normalScores, scores, costs);
    const { interval } = realizedRate(own.normalScores, { threshold });
    const askedFor = (falseAlarms.nAbove + 0.5) / (falseAlarms.nScores + 1);
    const { tail, normalScores, sessions } = own;
    const set = { threshold, askedFor, tail, interval, extrapolated: false, normalScores, sessions };
    return [machineId, new NormalThreshold(set)] as const;
  });
  return new Decisions(new Map(moved), decisions.clipSeconds, decisions.levels);
}

/** How many of a machine's known faults its threshold finds; null where there are none. */
export function foundOf(
  faults: FaultScores,
  machineId: string,
  { threshold }: { threshold: number },
): { nFound: number; nFaults: number } | null {
  const scores = faults.get(machineId);
  if (scores === undefined) return null;
  return { nFound: scores.filter((score) => score > threshold).length, nFaults: scores.length };
}
