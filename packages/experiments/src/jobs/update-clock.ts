import type { Job, JobEvent } from './job-types';

/** How many updates are made, and how long the others will take at that speed. */
export class UpdateClock {
  readonly #total = new Map<string, number>();
  readonly #done = new Map<string, number>();
  /** Where each job stood when it began here: what a checkpoint brought took no time now. */
  readonly #first = new Map<string, number>();
  readonly #startedAt = performance.now();
  #nFinished = 0;

  constructor(jobs: readonly Job[]) {
    for (const { id, nUpdates } of jobs) this.#total.set(id, nUpdates);
  }

  tell(jobId: string, event: JobEvent): void {
    if (event.kind !== 'training' || event.event.kind !== 'step') return;
    const { nDone, nTotal } = event.event;
    this.#total.set(jobId, nTotal);
    if (!this.#first.has(jobId)) this.#first.set(jobId, nDone);
    this.#done.set(jobId, nDone);
  }

  finish(jobId: string): void {
    const total = this.#total.get(jobId) ?? 0;
    if (!this.#first.has(jobId)) this.#first.set(jobId, total); // it was scored alone, or failed
    this.#done.set(jobId, total);
    this.#nFinished++;
  }

  state(): { share: number; secondsLeft: number | null } {
    const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
    const [total, done] = [sum(this.#total.values()), sum(this.#done.values())];
    const made = done - sum(this.#first.values());
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return {
      share: total === 0 ? this.#nFinished / this.#total.size : done / total,
      secondsLeft: made > 0 ? ((total - done) * seconds) / made : null,
    };
  }
}
