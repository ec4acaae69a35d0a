/**
 * One piece of work at a time, in the order in which it was asked for: streams that each ask for one scoring at a time take turns.
 * @returns for `turn` of each StreamScorer
 */
export function fairTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
