/** Losses of one batch; a term that takes no part is null. Of a part of a batch they are weighted as they count in the whole. */
export interface Losses {
  loss: number;
  [term: string]: number | null;
}

/** Means of each term; null for one that takes no part. */
export function meanLosses(losses: readonly Losses[]): Losses {
  const mean = (values: readonly (number | null)[]) =>
    values.some((value) => value === null)
      ? null
      : (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
  const terms = Object.keys(losses[0] ?? {}).map((term) => [
    term,
    mean(losses.map((each) => each[term] ?? null)),
  ]);
  return { loss: mean(losses.map(({ loss }) => loss)) as number, ...Object.fromEntries(terms) };
}

/** Adds the losses of an update to the sums of an epoch. */
export function addLosses(sums: Losses, losses: Losses): void {
  for (const [term, value] of Object.entries(losses)) {
    sums[term] = value === null ? null : (sums[term] ?? 0) + value;
  }
}
