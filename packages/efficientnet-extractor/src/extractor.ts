import {
  ABOVE_ZERO,
  COUNT,
  checkNumber,
  checkOptions,
  type NumberRule,
  type OptionNames,
  POSITIVE_COUNT,
  RATE,
  seededRandom,
} from '@serial-oe/foundation';
import type { WeightArray, WeightMap } from '@serial-oe/safetensors';
import {
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import { backboneFeatures, backboneStages, type PassContext, type StageOutputs } from './backbone';
import { checkInput } from './check-input';
import type { ExtractorOps } from './extractor-ops';
import { idHead, type NeckContext, neck, typeHead } from './neck';
import { backboneParameters, headParameters } from './parameters';
import { createTfOps } from './tf-ops/create-tf-ops';
import { createDifferentiable } from './tf-ops/differentiable';
import { VariableStore } from './variable-store';

export interface ExtractorOptions {
  /** Length D of the embedding, default 128. */
  embeddingSize?: number;
  /** Outputs of the ID head; 0 for none. */
  nMachineIds: number;
  /** `[nMels, nFrames]` of the spectrograms, default `[224, 126]`. */
  inputShape?: readonly [number, number];
  /** Probability that dropout zeroes a pooled feature in training, in [0, 1), default 0.3. */
  dropoutRate?: number;
  /** Seed of the initial weights and of the dropout masks, an integer >= 0, default 0. */
  seed?: number;
  /**
   * Where the type head starts, above 0: its logit is typeHeadStart (||f||^2 / D - 1) then, so that long embeddings say "normal"
   * from the first step on. Its two scalars hardly move in a few hundred steps. Default: drawn at random as PyTorch's Linear(1, 1),
   * whose slope is negative for every second seed.
   */
  typeHeadStart?: number;
  /** Values of all tensors, as `toWeights` gives them: nothing is drawn then, which takes longer than setting them. */
  weights?: ReadonlyMap<string, WeightArray>;
  /** Implementation of the operations, default {@link createTfOps}. */
  ops?: ExtractorOps;
}

export interface ForwardOptions {
  /** Batch statistics and dropout (true), or running statistics (false). */
  training: boolean;
  /**
   * Integer seed of this step's dropout mask. Pass the step's number (or a seed derived from it) for a run that can
   * be resumed bit for bit; without it the extractor counts its training passes and derives one from `seed`.
   */
  dropoutSeed?: number;
}

export interface ExtractorOutput {
  /** `[batch, embeddingSize]` */
  embedding: Tensor2D;
  /** `[batch]`, the logit of "normal sound of the target machine type" */
  typeLogits: Tensor1D;
  /** `[batch, nMachineIds]`; null without machine IDs */
  idLogits: Tensor2D | null;
}

/** Shape options of an extractor. */
export interface ExtractorConfig {
  readonly embeddingSize: number;
  readonly nMachineIds: number;
  readonly inputShape: readonly [number, number];
  readonly dropoutRate: number;
  readonly seed: number;
}

const OPTIONS: OptionNames<ExtractorOptions> = {
  embeddingSize: true,
  nMachineIds: true,
  inputShape: true,
  dropoutRate: true,
  seed: true,
  typeHeadStart: true,
  weights: true,
  ops: true,
};
const FORWARD_OPTIONS: OptionNames<ForwardOptions> = { training: true, dropoutSeed: true };
const STAGE_OPTIONS: OptionNames<Pick<ForwardOptions, 'training'>> = { training: true };
const INTEGER: NumberRule = { isValid: Number.isSafeInteger, rule: 'be a whole number' };
/** BatchNorm in the neck sees one value a sample. */
const MIN_TRAINING_BATCH = 2;

/** EfficientNet-B0, neck and heads of Serial-OE. Made by {@link createExtractor}. */
export class Extractor {
  readonly config: ExtractorConfig;
  /** The variables by name; internal. */
  readonly store: VariableStore;
  /** What the network is computed by; internal. */
  readonly ops: ExtractorOps;
  readonly #neckContext: NeckContext;
  #nTrainingPasses = 0;
  #isDisposed = false;

  constructor(config: ExtractorConfig, ops: ExtractorOps, weights?: ReadonlyMap<string, WeightArray>) {
    this.config = config;
    this.ops = ops;
    const { embeddingSize, nMachineIds, seed } = config;
    this.store = new VariableStore([...backboneParameters(), ...headParameters(embeddingSize, nMachineIds)], {
      seed,
      networkName: 'extractor',
      packageName: 'efficientnet-extractor',
      weights,
    });
    this.#neckContext = { store: this.store, differentiable: createDifferentiable() };
  }

  /** Trainable variables in the order of the forward pass, named `extractor/<name of toWeights>`. */
  get variables(): Variable[] {
    return this.store.list(true);
  }

  /** Running means and variances of every BatchNorm. */
  get stateVariables(): Variable[] {
    return this.store.list(false);
  }

  /**
   * One pass. In training the running statistics move, and the result can be differentiated by `tf.variableGrads`
   * with respect to `variables`; the caller disposes the three tensors.
   *
   * @param x spectrograms `[batch, nMels, nFrames, 1]`; at least 2 in training
   * @throws RangeError or TypeError when x does not fit `inputShape`
   */
  forward(x: Tensor4D, options: ForwardOptions): ExtractorOutput {
    const { inputShape, dropoutRate } = this.config;
    this.#checkAlive('forward');
    checkOptions('efficientnet-extractor.forward', options, FORWARD_OPTIONS);
    const { training, dropoutSeed } = options;
    checkInput('forward', x, { inputShape, minBatch: training ? MIN_TRAINING_BATCH : 1 });
    if (dropoutSeed !== undefined) {
      checkNumber('efficientnet-extractor.forward: dropoutSeed', dropoutSeed, INTEGER);
    }
    return tidy(() => {
      const features = backboneFeatures(x, this.#context(training));
      const embedding = training
        ? neck(features, this.#neckContext, {
            dropout: { rate: dropoutRate, random: this.#dropoutRandom(dropoutSeed) },
          })
        : neck(features, this.#neckContext);
      const typeLogits = typeHead(embedding, this.#neckContext);
      const idLogits = this.config.nMachineIds > 0 ? idHead(embedding, this.#neckContext) : null;
      // tidy's type knows containers of tensors, not null; null passes through it unchanged.
      return { embedding, typeLogits, idLogits } as ExtractorOutput & Record<string, Tensor2D>;
    });
  }

  /** Embeddings `[batch, embeddingSize]` by the running statistics, without dropout. */
  embed(x: Tensor4D): Tensor2D {
    this.#checkAlive('embed');
    checkInput('embed', x, { inputShape: this.config.inputShape, minBatch: 1 });
    return tidy(() => neck(backboneFeatures(x, this.#context(false)), this.#neckContext));
  }

  /** Pooled features of EfficientNet, `[batch, 1280]`, by the running statistics. */
  features(x: Tensor4D): Tensor2D {
    this.#checkAlive('features');
    checkInput('features', x, { inputShape: this.config.inputShape, minBatch: 1 });
    return tidy(() => backboneFeatures(x, this.#context(false)));
  }

  /** Outputs at each depth of EfficientNet. With `training` it uses batch statistics and moves the running ones. */
  forwardStages(x: Tensor4D, options: Pick<ForwardOptions, 'training'>): StageOutputs {
    this.#checkAlive('forwardStages');
    checkOptions('efficientnet-extractor.forwardStages', options, STAGE_OPTIONS);
    const { training } = options;
    const { inputShape } = this.config;
    checkInput('forwardStages', x, { inputShape, minBatch: training ? MIN_TRAINING_BATCH : 1 });
    return tidy(() => {
      const outputs = backboneStages(x, { ...this.#context(training), release: () => {} });
      return outputs as StageOutputs & Record<string, Tensor4D>;
    });
  }

  /** All tensors on the host, running statistics included, by name and in our layout. */
  toWeights(): WeightMap {
    this.#checkAlive('toWeights');
    return this.store.toWeights();
  }

  /** As {@link toWeights}, for backends that can only read asynchronously (WebGPU). */
  toWeightsAsync(): Promise<WeightMap> {
    this.#checkAlive('toWeightsAsync');
    return this.store.toWeightsAsync();
  }

  /**
   * Sets all tensors, as {@link toWeights} gives them.
   * @throws WeightMismatchError naming each missing, unexpected and misshapen tensor; nothing is changed then
   */
  loadWeights(weights: ReadonlyMap<string, WeightArray>): void {
    this.#checkAlive('loadWeights');
    this.store.load('loadWeights', weights);
  }

  /** Sets EfficientNet's tensors alone; neck and heads stay. Used by `loadPretrained`. */
  loadBackboneWeights(weights: ReadonlyMap<string, WeightArray>, caller = 'loadBackboneWeights'): void {
    this.#checkAlive(caller);
    this.store.load(caller, weights, backboneParameters());
  }

  /** Sets the type head's logit to `scale` (||f||^2 / D - 1). Used by `createExtractor`. */
  startTypeHead(scale: number): void {
    tidy(() => {
      this.store.get('type_head.weight').assign(tensor1d([scale]));
      this.store.get('type_head.bias').assign(tensor1d([-scale]));
    });
  }

  /** Frees all variables; the extractor is of no use afterwards. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.store.dispose();
  }

  #context(isTraining: boolean): PassContext {
    const { ops } = this;
    return {
      ops,
      store: this.store,
      isTraining,
      release: (x) => {
        ops.release(x);
        // Nothing is differentiated in inference, so that no implementation can need x again.
        if (!isTraining && !x.isDisposed) x.dispose();
      },
    };
  }

  /** A stream of its own for each given seed, or for each training pass. */
  #dropoutRandom(dropoutSeed: number | undefined): () => number {
    if (dropoutSeed !== undefined) return seededRandom(dropoutSeed, 'dropout');
    return seededRandom(this.config.seed, 'dropout', this.#nTrainingPasses++);
  }

  #checkAlive(caller: string): void {
    if (this.#isDisposed) {
      throw new Error(
        `efficientnet-extractor.${caller}: the extractor must not be disposed. Create a new one.`,
      );
    }
  }
}

/**
 * Makes an extractor with seeded initial weights (timm's `_init_weight_goog` for EfficientNet, PyTorch's defaults for
 * neck and heads). The weights come from one seeded generator, so that they are the same on every backend.
 *
 * @throws TypeError for an unknown option or another kind of value, RangeError for one out of range; WeightMismatchError as `loadWeights`
 * @example
 * const extractor = createExtractor({ nMachineIds: 4, seed: 1 });
 * const embedding = extractor.embed(tf.zeros([10, 224, 126, 1]));
 */
export function createExtractor(options: ExtractorOptions): Extractor {
  const where = 'efficientnet-extractor.createExtractor';
  checkOptions(where, options, OPTIONS);
  const {
    embeddingSize = 128,
    nMachineIds,
    inputShape = [224, 126],
    dropoutRate = 0.3,
    seed = 0,
    typeHeadStart,
    weights,
    ops = createTfOps(),
  } = options;
  checkNumber(`${where}: embeddingSize`, embeddingSize, POSITIVE_COUNT);
  checkNumber(`${where}: nMachineIds`, nMachineIds, COUNT);
  checkNumber(`${where}: inputShape[0]`, inputShape[0], POSITIVE_COUNT);
  checkNumber(`${where}: inputShape[1]`, inputShape[1], POSITIVE_COUNT);
  checkNumber(`${where}: seed`, seed, COUNT);
  if (typeHeadStart !== undefined) checkNumber(`${where}: typeHeadStart`, typeHeadStart, ABOVE_ZERO);
  checkNumber(`${where}: dropoutRate`, dropoutRate, RATE);
  const config = { embeddingSize, nMachineIds, inputShape, dropoutRate, seed };
  const extractor = new Extractor(config, ops, weights);
  if (typeHeadStart !== undefined) extractor.startTypeHead(typeHeadStart);
  return extractor;
}
