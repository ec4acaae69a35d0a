/**
 * What clips would score that the extractor has not seen. It learns to draw the clips that it is trained on together, so that
 * a new clip of a healthy machine lies farther out than any fold of those tells: a threshold set on them gives several times the
 * false alarms that were asked for. A few clips that were held out from the extractor tell how much farther.
 */

/** Scores of one machine's clips by detectors that had not seen them. */
export interface MachineScores {
  scores: readonly number[];
  /** Of each: whether the extractor had not seen it either. */
  isHeldOut: readonly boolean[];
}

/** How clips that the extractor has not seen score, in deviations of those that it has. */
export interface UnseenShift {
  mean: number;
  deviation: number;
}

/** Median over trainings of `quick` on three kinds of recorded machines; held-out clips outweigh it as they become many. */
const PRIOR: UnseenShift = { mean: 1.2, deviation: 1.8 };
/** Clips that the prior counts for. */
const PRIOR_WEIGHT = 8;
/** Fewer seen clips of a machine tell no deviation. */
const MIN_SEEN = 4;
/**
 * An extractor knows the one or two clips of a machine by heart: how much farther yet new clips of it lie than those of machines
 * with many, in deviations. Mean of four machines and two trainings.
 */
const BY_HEART = 4;
/** One clip beyond that must not decide for all machines. */
const FARTHEST = 10;

/**
 * Pooled over the machines of a type, since each has few held-out clips; where there are hardly any, what was measured on
 * others. Posterior mean of a normal distribution's parameters, the prior counting for {@link PRIOR_WEIGHT} clips.
 */
export function measureUnseenShift(machines: readonly MachineScores[]): UnseenShift {
  const deviations = machines.flatMap((machine) => {
    const seen = momentsOf(machine.scores.filter((_, i) => !machine.isHeldOut[i]));
    if (seen === null) return [];
    const unseen = machine.scores.filter((_, i) => machine.isHeldOut[i]);
    return unseen.map((score) =>
      Math.min(FARTHEST, Math.max(-FARTHEST, (score - seen.mean) / seen.deviation)),
    );
  });
  const weight = PRIOR_WEIGHT + deviations.length;
  const mean = deviations.reduce((sum, each) => sum + each, PRIOR_WEIGHT * PRIOR.mean) / weight;
  const squares = deviations.reduce(
    (sum, each) => sum + (each - mean) ** 2,
    PRIOR_WEIGHT * (PRIOR.deviation ** 2 + (PRIOR.mean - mean) ** 2),
  );
  return { mean, deviation: Math.sqrt(squares / weight) };
}

/** The scores, those of seen clips moved to where unseen ones lie. Of a machine with too few clips they stay as they are. */
export function asUnseen({ scores, isHeldOut }: MachineScores, shift: UnseenShift): number[] {
  const seen = momentsOf(scores.filter((_, i) => !isHeldOut[i]));
  if (seen === null) return [...scores];
  const { mean, deviation } = seen;
  return scores.map((score, i) =>
    isHeldOut[i] ? score : mean + shift.mean * deviation + shift.deviation * (score - mean),
  );
}

/**
 * What a machine that borrows its spread is expected to score, moved in the deviations of the machines that lend it.
 * @param score by detectors of clips that the extractor has seen
 * @param center mean of such scores
 */
export function asUnseenOfBorrower(
  score: number,
  { center, lenders, shift }: { center: number; lenders: readonly MachineScores[]; shift: UnseenShift },
): number {
  const deviations = lenders.flatMap(
    ({ scores, isHeldOut }) => momentsOf(scores.filter((_, i) => !isHeldOut[i]))?.deviation ?? [],
  );
  const deviation = deviations.reduce((sum, each) => sum + each / deviations.length, 0);
  return center + (shift.mean + BY_HEART) * deviation + shift.deviation * (score - center);
}

/** Mean and sample standard deviation; null where they tell nothing. */
function momentsOf(scores: readonly number[]): { mean: number; deviation: number } | null {
  if (scores.length < MIN_SEEN) return null;
  const mean = scores.reduce((sum, score) => sum + score / scores.length, 0);
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (scores.length - 1));
  return deviation > 0 ? { mean, deviation } : null;
}
