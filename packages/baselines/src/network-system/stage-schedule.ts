import { COUNT, checkNumber } from '@serial-oe/foundation';
import { type AdamW, CosineAnnealingLR } from '@serial-oe/optimizers';
import type { LearningRateSchedule } from '@serial-oe/training';
import type { Stage } from './network-spec';

interface StageState {
  stepCount: number;
}

/**
 * The learning rate of a training in stages. Where a stage begins, the optimizer forgets its moments, as a new one has none, and
 * the rate starts anew.
 */
export class StageSchedule implements LearningRateSchedule {
  readonly #optimizer: AdamW;
  readonly #stages: readonly Stage[];
  readonly #nSteps: number;
  #stepCount = 0;
  #schedule!: CosineAnnealingLR;

  /** @param nSteps updates of an epoch */
  constructor(optimizer: AdamW, stages: readonly Stage[], nSteps: number) {
    this.#optimizer = optimizer;
    this.#stages = stages;
    this.#nSteps = nSteps;
    this.#enter(0);
  }

  step(): void {
    this.#stepCount++;
    const { stage, done } = this.#place();
    if (done > 0) this.#schedule.step();
    else {
      this.#enter(stage);
      this.#optimizer.setState({
        ...this.#optimizer.getConfig(),
        iterations: this.#stepCount,
        variables: {},
      });
    }
  }

  getState(): StageState {
    return { stepCount: this.#stepCount };
  }

  /** @throws RangeError or TypeError for a state out of range; nothing has changed then */
  setState({ stepCount }: StageState): void {
    this.#stepCount = checkNumber('baselines.StageSchedule.setState: stepCount', stepCount, COUNT);
    const { stage, done } = this.#place();
    this.#enter(stage);
    this.#schedule.setState({ ...this.#schedule.getState(), stepCount: done });
  }

  /** The stage of the next update, and the updates done in it; after the last of all, all of the last stage's. */
  #place(): { stage: number; done: number } {
    let done = this.#stepCount;
    for (const [stage, { nEpochs }] of this.#stages.entries()) {
      const length = nEpochs * this.#nSteps;
      if (done < length || stage === this.#stages.length - 1) return { stage, done };
      done -= length;
    }
    return { stage: 0, done };
  }

  #enter(index: number): void {
    const { learningRate, nEpochs, cosine } = this.#stages[index]!;
    const { tMax, etaMin, startEpoch } = cosine ?? { tMax: 1, etaMin: 0, startEpoch: nEpochs + 1 };
    this.#schedule = new CosineAnnealingLR(this.#optimizer, {
      ...{ learningRate, tMax, etaMin, startEpoch, stepsPerEpoch: this.#nSteps },
    });
  }
}
