import type { SoundLevels } from '@serial-oe/audio-features';
import { sessionOf } from '@serial-oe/datasets';
import { NormalThreshold } from '@serial-oe/decision';
import {
  type ClipScorer,
  type DatedScore,
  type DecidingScorer,
  type DecisionRule,
  Decisions,
  type NormalScore,
  withDecisions,
} from '@serial-oe/runtime/contract';
import { UsageError } from '../command/usage-error';
import { DEFAULT_FALSE_ALARM_RATE, type TypedRate, toFalseAlarmRate } from '../flags/decision-flags';

/** Of a scorer that does not say how long its clips were. */
const CLIP_SECONDS = 10;

/** What of the command line decides. */
export interface DecisionFlags {
  falseAlarmRate?: TypedRate | undefined;
  threshold?: number | undefined;
  tail?: DecisionRule['tail'];
}

/** The rule that the flags ask for; of what they do not say, the default. */
export function ruleOf(
  { falseAlarmRate, tail }: DecisionFlags,
  { input }: Pick<ClipScorer, 'input'>,
): DecisionRule {
  const rate = falseAlarmRate ?? { share: DEFAULT_FALSE_ALARM_RATE };
  return { falseAlarmRate: toFalseAlarmRate(rate, input.clipSeconds ?? CLIP_SECONDS), tail };
}

/** What was heard of a training's normal clips. */
export interface HeardClips {
  /** How long they are, the median; null where none was. */
  clipSeconds: number | null;
  /** By the path of the clip. */
  levels: ReadonlyMap<string, SoundLevels>;
}

/** Decisions by the held-out normal scores of a scorer that was just trained; the scorer as it is where it has none. */
export function decideByTraining(
  scorer: ClipScorer,
  flags: DecisionFlags,
  { clipSeconds, levels }: HeardClips,
): ClipScorer {
  const { normalScores = [] } = scorer;
  if (normalScores.length === 0) return scorer;
  const rule = ruleOf(flags, { input: { ...scorer.input, clipSeconds: clipSeconds ?? undefined } });
  const scores = normalScores.map((score) => dated(score, levels.get(score.path)));
  return withDecisions(scorer, Decisions.fit(scores, rule, clipSeconds));
}

/** With the day or session that the name of the recording tells. */
export function dated({ path, machineId, anomalyScore }: NormalScore, levels?: SoundLevels): DatedScore {
  return { machineId, anomalyScore, session: sessionOf(path), levels };
}

/**
 * The scorer under other thresholds for this run, where flags ask for that.
 * @throws UsageError where the model holds no normal scores that a rate could be read from
 */
export function underFlags(scorer: ClipScorer, flags: DecisionFlags): ClipScorer {
  const { threshold, falseAlarmRate, tail } = flags;
  if (threshold === undefined && falseAlarmRate === undefined && tail === undefined) return scorer;
  if (threshold !== undefined && (falseAlarmRate !== undefined || tail !== undefined)) {
    throw new UsageError('--threshold cannot be given together with --false-alarm-rate or --tail.');
  }
  if (threshold !== undefined) return withThreshold(scorer, threshold);
  if (!isDeciding(scorer)) {
    throw new UsageError(
      '--false-alarm-rate needs the normal scores of the model, which it does not hold. "serial-oe calibrate --model MODEL --data DIR" makes them.',
    );
  }
  return withDecisions(scorer.scorer, scorer.decisions.under(ruleOf(flags, scorer)));
}

export function isDeciding(scorer: ClipScorer): scorer is DecidingScorer {
  return 'decisions' in scorer;
}

function withThreshold(scorer: ClipScorer, threshold: number): ClipScorer {
  if (!isDeciding(scorer)) return { ...plain(scorer), score: scoreWith(scorer, threshold) };
  const { machines, clipSeconds, levels } = scorer.decisions;
  const moved = [...machines].map(
    ([id, { askedFor, tail, interval, extrapolated, normalScores, sessions }]) => {
      const fields = { askedFor, tail, interval, extrapolated, normalScores, sessions };
      return [id, new NormalThreshold({ ...fields, threshold })] as const;
    },
  );
  return withDecisions(scorer.scorer, new Decisions(new Map(moved), clipSeconds, levels));
}

function scoreWith(scorer: ClipScorer, threshold: number): ClipScorer['score'] {
  return async (waveform, options) => {
    const score = await scorer.score(waveform, options);
    return { ...score, threshold, isAnomaly: score.anomalyScore > threshold };
  };
}

function plain(scorer: ClipScorer): Omit<ClipScorer, 'score' | 'scoreSpectrograms'> {
  const { machineType, machineIds, input, config, thresholds, trainingLevel, provenance } = scorer;
  return {
    ...{ machineType, machineIds, input, config, thresholds, trainingLevel, provenance },
    toFiles: (options) => scorer.toFiles(options),
    dispose: () => scorer.dispose(),
  };
}
