import type { Clip } from '@serial-oe/datasets';
import {
  type BootstrapInterval,
  bootstrapInterval,
  type ClipResult,
  type DomainClipResult,
  type DomainSummary,
  type Summary,
  summarize,
  summarizeDomains,
} from '@serial-oe/evaluation';
import { seededRandom } from '@serial-oe/foundation';
import type { ClipScore } from '../contract/clip-score';
import type { ChosenTestClips } from './choose-test-clips';

/** One scored test clip. */
export interface ScoredClip extends ClipResult {
  path: string;
  label: Clip['label'];
  domain?: Clip['domain'];
  isAnomaly: boolean;
  threshold: number;
  /** 0 to 100, the threshold at 50; where the model holds normal scores. */
  severity?: number | undefined;
  /** Among the machine's own normal scores; where the model holds them. */
  percentile?: number | undefined;
  /** Of an ensemble: each system's score, in deviations above the mean of the machine's normal clips. */
  members?: Readonly<Record<string, number>> | undefined;
}

/** How sure a machine ID's AUC is, and how its threshold did. */
export interface DecisionSummary {
  machineId: string;
  /** 95 % bootstrap interval of the AUC; null where a class is missing. */
  aucInterval: BootstrapInterval | null;
  threshold: number;
  /** Share of the normal clips that were called anomalous; null without normal clips. */
  falsePositiveRate: number | null;
  /** Share of the anomalous clips that were found; null without anomalous clips. */
  truePositiveRate: number | null;
}

/** How well a model's scores tell anomalies from normal sounds. */
export interface Evaluation {
  machineType: string;
  results: ScoredClip[];
  summary: Summary;
  decisions: DecisionSummary[];
  /** The official figure of DCASE2022 to 2025, where the clips have domains. */
  domains?: DomainSummary | undefined;
  /** Test clips of machine IDs that the model has no detector for, by ID; not scored. */
  unknownMachineIds: Record<string, number>;
  /** Test clips that were put aside when the model was trained with known anomalies; not scored. */
  nHeldOut: number;
}

/**
 * @param chosen the clips, all of one machine type, and what was left out
 * @param scores of the clips, in their order
 */
export function measureScores(
  { clips, unknownMachineIds, nHeldOut }: ChosenTestClips,
  scores: readonly ClipScore[],
  { machineType, maxFpr }: { machineType: string; maxFpr?: number | undefined },
): Evaluation {
  const results = clips.map(({ path, machineId, label, domain }, i): ScoredClip => {
    const { anomalyScore, isAnomaly, threshold, severity, percentile, members } = scores[i] as ClipScore;
    const place = severity === undefined ? {} : { severity, percentile };
    const verdict = { anomalyScore, isAnomaly, threshold, ...place };
    const own = { path, machineType, machineId, label, ...(domain && { domain }) };
    return { ...own, ...verdict, ...(members && { members }) };
  });
  const figures = maxFpr === undefined ? {} : { maxFpr };
  return {
    machineType,
    results,
    summary: summarize(results, figures),
    decisions: [...new Set(results.map(({ machineId }) => machineId))].map((id) => decide(id, results)),
    ...(results.every(hasDomain) && { domains: summarizeDomains(results, figures) }),
    unknownMachineIds,
    nHeldOut,
  };
}

function hasDomain(result: ScoredClip): result is ScoredClip & DomainClipResult {
  return result.domain !== undefined;
}

function decide(machineId: string, results: readonly ScoredClip[]): DecisionSummary {
  const ofMachine = results.filter((result) => result.machineId === machineId);
  const rate = (label: Clip['label']) => {
    const ofLabel = ofMachine.filter((result) => result.label === label);
    return ofLabel.length === 0 ? null : ofLabel.filter(({ isAnomaly }) => isAnomaly).length / ofLabel.length;
  };
  return {
    machineId,
    aucInterval: aucInterval(machineId, ofMachine),
    threshold: (ofMachine[0] as ScoredClip).threshold,
    falsePositiveRate: rate('normal'),
    truePositiveRate: rate('anomaly'),
  };
}

function aucInterval(machineId: string, results: readonly ScoredClip[]): BootstrapInterval | null {
  const labels = results.map(({ label }) => label);
  if (new Set(labels).size < 2) return null;
  const scores = results.map(({ anomalyScore }) => anomalyScore);
  return bootstrapInterval({ labels, scores, random: seededRandom(0, 'bootstrap', machineId) });
}
