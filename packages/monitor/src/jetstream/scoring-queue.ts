import type { ClipScore, ClipScorer, ScoreOptions } from '@serial-oe/runtime/contract';

interface Waiting {
  scorer: ClipScorer;
  waveform: Float32Array;
  options: ScoreOptions;
  resolve: (result: { clip: ClipScore; scoringSeconds: number }) => void;
  reject: (error: unknown) => void;
}

/** Windows of several sensors that wait to be scored, in the order in which they came, so many at a time. */
export class ScoringQueue {
  readonly #nAtOnce: number;
  readonly #waiting: Waiting[] = [];
  #nRunning = 0;

  constructor(nAtOnce: number) {
    this.#nAtOnce = nAtOnce;
  }

  /** @returns with what it took, without waiting for its turn. @throws what the scorer throws */
  score(
    scorer: ClipScorer,
    waveform: Float32Array,
    options: ScoreOptions,
  ): Promise<{ clip: ClipScore; scoringSeconds: number }> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ scorer, waveform, options, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    while (this.#nRunning < this.#nAtOnce && this.#waiting.length > 0) {
      const work = this.#waiting.shift()!;
      this.#nRunning++;
      void this.#run(work).finally(() => {
        this.#nRunning--;
        this.#next();
      });
    }
  }

  async #run({ scorer, waveform, options, resolve, reject }: Waiting): Promise<void> {
    const before = performance.now();
    try {
      const clip = await scorer.score(waveform, options);
      resolve({ clip, scoringSeconds: (performance.now() - before) / 1000 });
    } catch (error) {
      reject(error);
    }
  }
}
