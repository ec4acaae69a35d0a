import {
  type ClipScore,
  type ClipScorer,
  type ClipToScore,
  type ScoreOptions,
  scoreEach,
} from '@serial-oe/runtime/contract';

interface Scored {
  clip: ClipScore;
  scoringSeconds: number;
}

interface Waiting {
  scorer: ClipScorer;
  clip: ClipToScore;
  resolve: (result: Scored) => void;
  reject: (error: unknown) => void;
}

/** Of as many sensors may windows be in one call: more is no faster, and the first of them would wait for the last. */
const MAX_TOGETHER = 8;

/**
 * Windows of several sensors that wait to be scored, in the order in which they came. Those that wait for the same scorer go through it in
 * one call, where it can.
 */
export class ScoringQueue {
  readonly #nAtOnce: number;
  #waiting: Waiting[] = [];
  #nRunning = 0;

  /** @param nAtOnce calls at the same time */
  constructor(nAtOnce: number) {
    this.#nAtOnce = nAtOnce;
  }

  /** @returns with what it took, without waiting for its turn. @throws what the scorer throws */
  score(scorer: ClipScorer, waveform: Float32Array, options: ScoreOptions): Promise<Scored> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ scorer, clip: { waveform, options }, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    while (this.#nRunning < this.#nAtOnce && this.#waiting.length > 0) {
      this.#nRunning++;
      void this.#run(this.#takeTogether()).finally(() => {
        this.#nRunning--;
        this.#next();
      });
    }
  }

  #takeTogether(): Waiting[] {
    const { scorer } = this.#waiting[0]!;
    const n = scorer.scoreMany === undefined ? 1 : MAX_TOGETHER;
    const together = this.#waiting.filter((each) => each.scorer === scorer).slice(0, n);
    this.#waiting = this.#waiting.filter((each) => !together.includes(each));
    return together;
  }

  async #run(together: readonly Waiting[]): Promise<void> {
    const before = performance.now();
    const clips = together.map(({ clip }) => clip);
    const results = await scoreEach(together[0]!.scorer, clips);
    const scoringSeconds = (performance.now() - before) / 1000 / together.length;
    for (const [i, result] of results.entries()) {
      const { resolve, reject } = together[i]!;
      if (result.status === 'fulfilled') resolve({ clip: result.value, scoringSeconds });
      else reject(result.reason);
    }
  }
}
