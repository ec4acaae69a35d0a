import {
  AT_LEAST_ZERO,
  checkKind,
  checkNumber,
  checkOptions,
  checkRandom,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import {
  exp,
  mul,
  reshape,
  type Scalar,
  scalar,
  sub,
  type Tensor,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { adaptedScale } from './adapted-scale';
import { checkTensor } from './check-tensor';
import { ClassCentres } from './class-centres';
import { cosineSimilarity, cosineSimilarityGradients } from './cosine-similarity';
import { differentiableScalar } from './differentiable-scalar';
import {
  checkWeighting,
  logSumExp,
  softmaxCrossEntropy,
  softmaxTargets,
  type TargetWeighting,
} from './softmax-targets';

/** Options of {@link SubClusterAdaCos}. */
export interface SubClusterAdaCosOptions {
  /** Classes (machine IDs), 1 or more; nClasses * nSubClusters at least 3. */
  nClasses: number;
  embeddingSize: number;
  /** Sub-clusters a class; default 16, the Serial-OE paper's. */
  nSubClusters?: number;
  /** Uniform in [0, 1); draws the initial centres. */
  random: () => number;
  /** Whether the centres are trained (default, as in the paper of 2021) or stay where they were drawn. */
  isTrainable?: boolean;
  /** Whether the scale follows the data in training (default) or stays at its initial value. */
  useDynamicScale?: boolean;
  /** Default 'equal'. */
  weighting?: TargetWeighting;
  /** Names the variables `<name>/weight` and `<name>/scale`; default 'sub_cluster_adacos', numbered if taken. */
  name?: string;
}

const OPTIONS: OptionNames<SubClusterAdaCosOptions> = {
  nClasses: true,
  embeddingSize: true,
  nSubClusters: true,
  random: true,
  isTrainable: true,
  useDynamicScale: true,
  weighting: true,
  name: true,
};

/** State of a {@link SubClusterAdaCos}: plain data. */
export interface SubClusterAdaCosState {
  nClasses: number;
  embeddingSize: number;
  nSubClusters: number;
  scale: number;
  /** Centres, row-major `[nClasses * nSubClusters, embeddingSize]`. */
  weight: Float32Array;
}

/**
 * Sub-cluster AdaCos, an alternative to L_id in the Serial-OE paper (Table 3; Wilkinghoff, "Sub-Cluster AdaCos:
 * Learning Representations for Anomalous Sound Detection", IJCNN 2021; AdaCos: Zhang et al., CVPR 2019).
 *
 * Each of C classes has S centres. With theta_ncl the angle between embedding n and centre l of class c, scale
 * s and targets rescaled to q_n of sum 1,
 *
 *     P_nc = sum_l exp(s cos theta_ncl) / sum_c' sum_l' exp(s cos theta_nc'l')
 *     loss = mean over n of sum_c -q_nc log P_nc
 *
 * The scale starts at sqrt(2) log(C S - 1). In each training step it is first set, from the batch, to
 *
 *     s' = log(mean_n sum_c sum_l exp(s cos theta_ncl)) / cos(min(pi / 4, median_n theta_n))
 *
 * with theta_n the angle between embedding n and the nearest centre of its class (of the class with the largest
 * target under Mixup); the median of an even number is the mean of the middle two. The paper leaves the choice
 * among a class's S centres open; s' is kept from falling below 0. No gradient flows through the scale. Rows with an
 * all-zero target count neither in the loss nor in the scale; a batch of such rows leaves the scale as it is.
 *
 * Owns two variables: call {@link dispose}.
 * @throws TypeError or RangeError for options outside their range.
 * @example
 * const adaCos = new SubClusterAdaCos({ nClasses: 7, embeddingSize: 128, random });
 * const loss = adaCos.loss(embedding, targets, { training: true });
 */
export class SubClusterAdaCos {
  readonly nClasses: number;
  readonly embeddingSize: number;
  readonly nSubClusters: number;
  readonly #useDynamicScale: boolean;
  readonly #weighting: TargetWeighting;
  readonly #centres: ClassCentres;
  readonly #scale: Variable;

  constructor(options: SubClusterAdaCosOptions) {
    checkOptions('losses-mixup.SubClusterAdaCos', options, OPTIONS);
    const { nClasses, embeddingSize, nSubClusters = 16, random, name = 'sub_cluster_adacos' } = options;
    const { isTrainable = true, useDynamicScale = true, weighting = 'equal' } = options;
    checkNumber('losses-mixup.SubClusterAdaCos: nClasses', nClasses, POSITIVE_COUNT);
    checkNumber('losses-mixup.SubClusterAdaCos: embeddingSize', embeddingSize, POSITIVE_COUNT);
    checkNumber('losses-mixup.SubClusterAdaCos: nSubClusters', nSubClusters, {
      isValid: (n) => POSITIVE_COUNT.isValid(n) && n * nClasses >= 3,
      rule: `be a whole number with nClasses * nSubClusters at least 3 (nClasses = ${nClasses})`,
    });
    checkRandom('losses-mixup.SubClusterAdaCos: random', random);
    checkWeighting('losses-mixup.SubClusterAdaCos: weighting', weighting);
    this.nClasses = nClasses;
    this.embeddingSize = embeddingSize;
    this.nSubClusters = nSubClusters;
    this.#useDynamicScale = useDynamicScale;
    this.#weighting = weighting;
    const nCentres = nClasses * nSubClusters;
    this.#centres = new ClassCentres({ nCentres, embeddingSize, random, isTrainable, name });
    try {
      this.#scale = tidy(() =>
        variable(scalar(Math.SQRT2 * Math.log(nCentres - 1)), false, `${this.#centres.name}/scale`),
      );
    } catch (error) {
      this.#centres.dispose(); // its name is taken, or the memory full
      throw error;
    }
  }

  /** The centres `[nClasses * nSubClusters, embeddingSize]`, sub-clusters of a class in neighbouring rows, and the scale. */
  get variables(): Variable[] {
    return [this.#centres.weight, this.#scale];
  }

  /** The scale s, read back from the backend. */
  get scale(): number {
    return this.#scale.dataSync()[0]!;
  }

  /**
   * The loss of a batch, differentiable by the embedding and, if trainable, by the centres.
   * @param embedding `[batch, embeddingSize]`, any norm.
   * @param targets t', `[batch, nClasses]`, at least 0.
   * @param options training: whether the scale is updated first.
   * @returns scalar, in nats.
   * @throws TypeError or RangeError for other shapes.
   */
  loss(embedding: Tensor, targets: Tensor, options: { training: boolean }): Scalar {
    checkOptions('losses-mixup.SubClusterAdaCos.loss', options, { training: true });
    const { training } = options;
    checkTensor('losses-mixup.SubClusterAdaCos.loss: embedding', embedding, [-1, this.embeddingSize]);
    checkTensor('losses-mixup.SubClusterAdaCos.loss: targets', targets, [embedding.shape[0]!, this.nClasses]);
    checkKind('losses-mixup.SubClusterAdaCos.loss: training', training, 'boolean');
    return tidy(() => {
      if (training && this.#useDynamicScale) this.#updateScale(embedding, targets);
      const { weight } = this.#centres;
      const isTrained = weight.trainable;
      return differentiableScalar({
        inputs: isTrained ? [embedding, weight] : [embedding],
        constants: isTrained ? [targets, this.#scale] : [targets, this.#scale, weight],
        value: ([e, w], [t, s, fixed]) => this.#value(e!, w ?? fixed!, { targets: t!, scale: s! }),
        gradients: ([e, w], [t, s, fixed]) => {
          const gradients = this.#gradients(e!, w ?? fixed!, { targets: t!, scale: s! });
          return isTrained ? gradients : [gradients[0]];
        },
      });
    });
  }

  getState(): SubClusterAdaCosState {
    const { nClasses, embeddingSize, nSubClusters, scale } = this;
    return { nClasses, embeddingSize, nSubClusters, scale, weight: this.#centres.read() };
  }

  /** As {@link getState}, for backends that can only read asynchronously (WebGPU). */
  async getStateAsync(): Promise<SubClusterAdaCosState> {
    const { nClasses, embeddingSize, nSubClusters } = this;
    const [[scale], weight] = await Promise.all([this.#scale.data(), this.#centres.readAsync()]);
    return { nClasses, embeddingSize, nSubClusters, scale: scale!, weight };
  }

  /** @throws RangeError for a state of other sizes, or values that are not finite; nothing has changed then. */
  setState(state: SubClusterAdaCosState): void {
    const here = 'losses-mixup.SubClusterAdaCos.setState';
    for (const key of ['nClasses', 'embeddingSize', 'nSubClusters'] as const) {
      checkNumber(`${here}: ${key}`, state[key], {
        isValid: (n) => n === this[key],
        rule: `be ${this[key]}`,
      });
    }
    checkNumber(`${here}: scale`, state.scale, AT_LEAST_ZERO);
    this.#centres.check(here, state.weight);
    this.#centres.write(state.weight);
    tidy(() => this.#scale.assign(scalar(state.scale)));
  }

  dispose(): void {
    this.#centres.dispose();
    this.#scale.dispose();
  }

  /** s cos theta, `[batch, nClasses, nSubClusters]`. */
  #logits(cosine: Tensor, scale: Tensor): Tensor {
    return mul(reshape(cosine, [-1, this.nClasses, this.nSubClusters]), scale);
  }

  #value(embedding: Tensor, weight: Tensor, { targets, scale }: { targets: Tensor; scale: Tensor }): Scalar {
    const logits = this.#logits(cosineSimilarity(embedding, weight).cosine, scale);
    const { probabilities, shares } = softmaxTargets(targets, this.#weighting);
    const perClass = reshape(logSumExp(logits), targets.shape);
    return softmaxCrossEntropy(perClass, { probabilities, shares }) as Scalar;
  }

  #gradients(
    embedding: Tensor,
    weight: Tensor,
    { targets, scale }: { targets: Tensor; scale: Tensor },
  ): [Tensor, Tensor] {
    const similarity = cosineSimilarity(embedding, weight);
    const logits = this.#logits(similarity.cosine, scale);
    const { probabilities, shares } = softmaxTargets(targets, this.#weighting);
    const perClass = logSumExp(logits); // [batch, nClasses, 1]
    const withinClass = exp(sub(logits, perClass));
    const classes = reshape(perClass, targets.shape);
    const softmax = exp(sub(classes, logSumExp(classes)));
    // d loss / d z_cl = (P_c - q_c) * (share of centre l within its class)
    const dClasses = mul(sub(softmax, probabilities), shares);
    const dLogits = mul(withinClass, reshape(dClasses, perClass.shape));
    return cosineSimilarityGradients(similarity, mul(reshape(dLogits, similarity.cosine.shape), scale));
  }

  #updateScale(embedding: Tensor, targets: Tensor): void {
    const { cosine } = cosineSimilarity(embedding, this.#centres.weight);
    const cosines = reshape(cosine, [-1, this.nClasses, this.nSubClusters]);
    this.#scale.assign(adaptedScale(cosines, targets, this.#scale));
  }
}
