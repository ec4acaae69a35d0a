import {
  checkNumber,
  checkOptions,
  checkRandom,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import {
  ARC_FACE_LOSS_OPTIONS,
  type ArcFaceLossOptions,
  arcFaceLoss,
  resolveArcFaceOptions,
} from './arc-face-loss';
import { checkTensor } from './check-tensor';
import { ClassCentres } from './class-centres';

/** Options of {@link ArcFace}. */
export interface ArcFaceOptions extends Omit<ArcFaceLossOptions, 'marginTargets'> {
  /** Classes (machine IDs), 1 or more. */
  nClasses: number;
  embeddingSize: number;
  /** Uniform in [0, 1); draws the initial centres. */
  random: () => number;
  /** Names the variable `<name>/weight`; default 'arc_face', numbered if taken. */
  name?: string;
}

const { marginTargets: _, ...LOSS_OPTIONS } = ARC_FACE_LOSS_OPTIONS;

const OPTIONS: OptionNames<ArcFaceOptions> = {
  ...LOSS_OPTIONS,
  nClasses: true,
  embeddingSize: true,
  random: true,
  name: true,
};

/** State of an {@link ArcFace}: plain data. */
export interface ArcFaceState {
  nClasses: number;
  embeddingSize: number;
  /** Centres, row-major `[nClasses, embeddingSize]`. */
  weight: Float32Array;
}

/**
 * {@link arcFaceLoss} with class centres of its own, an ID loss to train alongside the extractor.
 *
 * Owns one variable: call {@link dispose}.
 * @throws TypeError or RangeError for options outside their range.
 * @example
 * const arcFace = new ArcFace({ nClasses: 7, embeddingSize: 128, random });
 * const loss = arcFace.loss(embedding, targets);
 */
export class ArcFace {
  readonly nClasses: number;
  readonly embeddingSize: number;
  readonly #options: ArcFaceLossOptions;
  readonly #centres: ClassCentres;

  constructor(options: ArcFaceOptions) {
    checkOptions('losses-mixup.ArcFace', options, OPTIONS);
    const { nClasses, embeddingSize, random, name = 'arc_face', ...ofLoss } = options;
    checkNumber('losses-mixup.ArcFace: nClasses', nClasses, POSITIVE_COUNT);
    checkNumber('losses-mixup.ArcFace: embeddingSize', embeddingSize, POSITIVE_COUNT);
    checkRandom('losses-mixup.ArcFace: random', random);
    this.nClasses = nClasses;
    this.embeddingSize = embeddingSize;
    this.#options = resolveArcFaceOptions('losses-mixup.ArcFace', ofLoss);
    this.#centres = new ClassCentres({ nCentres: nClasses, embeddingSize, random, isTrainable: true, name });
  }

  /** The centres `[nClasses, embeddingSize]`, trainable. */
  get variables(): Variable[] {
    return [this.#centres.weight];
  }

  /**
   * The loss of a batch, differentiable by the embedding and the centres.
   * @param embedding `[batch, embeddingSize]`, any norm.
   * @param targets t', `[batch, nClasses]`, at least 0.
   * @param options marginTargets: which classes bear the margin, as for {@link arcFaceLoss}.
   * @returns scalar, in nats.
   * @throws TypeError or RangeError for other shapes.
   */
  loss(embedding: Tensor, targets: Tensor, options: Pick<ArcFaceLossOptions, 'marginTargets'> = {}): Scalar {
    checkOptions('losses-mixup.ArcFace.loss', options, { marginTargets: true });
    checkTensor('losses-mixup.ArcFace.loss: embedding', embedding, [-1, this.embeddingSize]);
    checkTensor('losses-mixup.ArcFace.loss: targets', targets, [embedding.shape[0]!, this.nClasses]);
    return arcFaceLoss(embedding, this.#centres.weight, targets, { ...this.#options, ...options });
  }

  getState(): ArcFaceState {
    const { nClasses, embeddingSize } = this;
    return { nClasses, embeddingSize, weight: this.#centres.read() };
  }

  /** As {@link getState}, for backends that can only read asynchronously (WebGPU). */
  async getStateAsync(): Promise<ArcFaceState> {
    const { nClasses, embeddingSize } = this;
    return { nClasses, embeddingSize, weight: await this.#centres.readAsync() };
  }

  /** @throws RangeError for a state of other sizes, or values that are not finite; nothing has changed then. */
  setState(state: ArcFaceState): void {
    const here = 'losses-mixup.ArcFace.setState';
    for (const key of ['nClasses', 'embeddingSize'] as const) {
      checkNumber(`${here}: ${key}`, state[key], {
        isValid: (n) => n === this[key],
        rule: `be ${this[key]}`,
      });
    }
    this.#centres.check(here, state.weight);
    this.#centres.write(state.weight);
  }

  dispose(): void {
    this.#centres.dispose();
  }
}
