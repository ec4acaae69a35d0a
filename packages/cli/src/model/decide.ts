import { NormalThreshold } from '@serial-oe/decision';
import {
  type ClipScorer,
  type DecidingScorer,
  type DecisionRule,
  Decisions,
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
