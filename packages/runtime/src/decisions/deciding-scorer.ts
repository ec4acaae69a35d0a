import { findMachineId, sessionOf } from '@serial-oe/datasets';
import type { ClipScorer, MachineThreshold, ToFilesOptions } from '../contract/asd-system';
import type { ClipScore, ScoreOptions } from '../contract/clip-score';
import type { Spectrograms } from '../contract/embeddings';
import { DECISIONS_FILE, type Decisions } from './decisions';
import { levelsFor } from './levels-for';

/** Of decisions without any machine. */
const DEFAULT_FALSE_ALARM_RATE = 0.01;

/**
 * The scorer with these thresholds in place of its own, and with a severity and a percentile beside each score. Machines of which the
 * decisions say nothing keep what the scorer says. Disposing it disposes the scorer.
 */
export function withDecisions(scorer: ClipScorer, decisions: Decisions): DecidingScorer {
  return new DecidingScorer(scorer, decisions);
}

export class DecidingScorer implements ClipScorer {
  readonly scorer: ClipScorer;
  readonly decisions: Decisions;
  readonly embed?: NonNullable<ClipScorer['embed']>;
  readonly withMachine?: NonNullable<ClipScorer['withMachine']>;
  readonly scoreMany?: NonNullable<ClipScorer['scoreMany']>;
  readonly scoreSpectrograms?: NonNullable<ClipScorer['scoreSpectrograms']>;

  constructor(scorer: ClipScorer, decisions: Decisions) {
    this.scorer = scorer;
    this.decisions = decisions;
    if (scorer.embed !== undefined) this.embed = (waveform, options) => scorer.embed!(waveform, options);
    if (scorer.withMachine !== undefined) {
      this.withMachine = async (machineId, recordings) => {
        const grown = await scorer.withMachine!(machineId, recordings);
        const [first] = decisions.machines.values();
        const rule = { falseAlarmRate: first?.askedFor ?? DEFAULT_FALSE_ALARM_RATE };
        const heard = new Map(recordings.map((each) => [each.path, levelsFor(scorer.input, each)]));
        const scores = (grown.normalScores ?? []).map(({ path, ...score }) => ({
          ...{ ...score, session: sessionOf(path), levels: heard.get(path) },
        }));
        return withDecisions(grown, scores.length === 0 ? decisions : decisions.withScores(scores, rule));
      };
    }
    if (scorer.scoreMany !== undefined) {
      this.scoreMany = async (clips) => {
        const scores = await scorer.scoreMany!(clips);
        return scores.map((score, i) => this.#decide(score, clips[i]!.options.machineId));
      };
    }
    if (scorer.scoreSpectrograms !== undefined) {
      this.scoreSpectrograms = async (spectrograms: Spectrograms, machineId?: string) =>
        this.#decide(await scorer.scoreSpectrograms!(spectrograms, machineId), machineId);
    }
  }

  get machineType() {
    return this.scorer.machineType;
  }
  get machineIds() {
    return this.scorer.machineIds;
  }
  get input() {
    const { clipSeconds } = this.decisions;
    return { ...this.scorer.input, ...(clipSeconds !== null && { clipSeconds }) };
  }
  get config() {
    return this.scorer.config;
  }
  get trainingLevel() {
    return this.scorer.trainingLevel;
  }
  get provenance() {
    return this.scorer.provenance;
  }
  get normalScores() {
    return this.scorer.normalScores;
  }

  get thresholds(): ReadonlyMap<string, MachineThreshold> {
    const own = [...this.decisions.machines].map(
      ([id, { threshold, falseAlarmRate, nNormalScores, tail }]) => {
        const method = this.scorer.thresholds?.get(id)?.calibration.method ?? tail;
        return [id, { threshold, calibration: { method, nClips: nNormalScores, falseAlarmRate } }] as const;
      },
    );
    return new Map([...(this.scorer.thresholds ?? []), ...own]);
  }

  async score(waveform: Float32Array, options: ScoreOptions): Promise<ClipScore> {
    return this.#decide(await this.scorer.score(waveform, options), options.machineId);
  }

  async toFiles(options?: ToFilesOptions): Promise<Map<string, Uint8Array>> {
    return new Map([...(await this.scorer.toFiles(options)), [DECISIONS_FILE, this.decisions.toFile()]]);
  }

  dispose(): void {
    this.scorer.dispose();
  }

  #decide(score: ClipScore, machineId: string | undefined): ClipScore {
    const decision = this.#decisionOf(machineId);
    if (decision === undefined) return score;
    const { anomalyScore } = score;
    return {
      ...score,
      threshold: decision.threshold,
      isAnomaly: decision.isAnomalous(anomalyScore),
      severity: decision.severity(anomalyScore),
      percentile: decision.percentile(anomalyScore),
    };
  }

  #decisionOf(machineId: string | undefined) {
    const { machines } = this.decisions;
    const ids = [...machines.keys()];
    const id = machineId === undefined ? undefined : findMachineId(ids, machineId);
    const only = this.scorer.machineIds.length === 1 ? ids[0] : undefined; // one detector may serve all machines of a type
    return machines.get(id ?? only ?? '');
  }
}
