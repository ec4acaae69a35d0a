import { seededRandom } from '@serial-oe/datasets';
import {
  createExtractor,
  type Extractor,
  type ExtractorOps,
  type WeightMap,
} from '@serial-oe/efficientnet-extractor';
import { outlierExposureLossParts, weightedSum } from '@serial-oe/losses-mixup';
import { AdamW, type AdamWUpdateKernel, OneCycleLR } from '@serial-oe/optimizers';
import {
  dispose,
  keep,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { SerialOeConfig } from '../config/config';
import { createIdLoss, type IdLoss } from './id-loss';
import { idNormalization, type LossWeights } from './loss-weighting';
import type { Losses } from './losses';
import { MeanOverParts, meanLosses } from './mean-over-parts';
import { explainMemoryError } from './memory-error';
import { dropoutSeedOf, ONLY_SHARE, type Share } from './part-of-step';
import type { PreparedBatch } from './prepare-batch';
import { type BatchPart, shardBatch } from './shard-batch';

export interface TrainerOptions {
  config: SerialOeConfig;
  nMachineIds: number;
  /** `[nMels, nFrames]` */
  inputShape: [number, number];
  /** Updates in the whole training. */
  totalSteps: number;
  /** Samples that pass through the network at once. */
  microBatchSize: number;
  ops: ExtractorOps | undefined;
  /** Undefined for AdamW in tfjs ops. */
  updateKernel: AdamWUpdateKernel | undefined;
}

/** What is particular to one update. */
export interface StepOptions {
  dropoutSeed: number;
  isMixed: boolean;
  /** Which share of the batch this is, where other threads have others; default all of it. */
  share?: Share;
}

interface BatchTensors {
  x: Tensor4D;
  y: Tensor1D;
  targets: Tensor2D | null;
}

/** Extractor, losses, AdamW and OneCycleLR: one update at a time. */
export class Trainer {
  readonly extractor: Extractor;
  readonly idLoss: IdLoss;
  readonly optimizer: AdamW;
  readonly schedule: OneCycleLR;
  /** The extractor's weights at the end of the epoch that is to become the model, so far; null where the last one is. */
  keptWeights: WeightMap | null = null;
  readonly #config: SerialOeConfig;
  readonly #nMachineIds: number;
  readonly #inputShape: [number, number];
  readonly #microBatchSize: number;

  constructor({
    config,
    nMachineIds,
    inputShape,
    totalSteps,
    microBatchSize,
    ops,
    updateKernel,
  }: TrainerOptions) {
    const { embeddingSize, dropoutRate } = config.network;
    this.#config = config;
    this.#inputShape = inputShape;
    this.#microBatchSize = microBatchSize;
    this.#nMachineIds = config.loss.alpha > 0 ? nMachineIds : 0;
    this.idLoss = createIdLoss(this.#nMachineIds > 0 ? config.loss.idLoss : 'bce', {
      nMachineIds: this.#nMachineIds,
      embeddingSize,
      random: seededRandom(config.seed, 'id-loss'),
    });
    this.extractor = createExtractor({
      embeddingSize,
      dropoutRate,
      inputShape,
      nMachineIds: this.idLoss.input === 'head' ? this.#nMachineIds : 0,
      seed: config.seed,
      ...(ops && { ops }),
    });
    const { maxLearningRate, beta2, epsilon, weightDecay } = config.optimization;
    this.optimizer = new AdamW({
      learningRate: maxLearningRate,
      beta2,
      epsilon,
      weightDecay,
      ...(updateKernel && { updateKernel }),
    });
    const { pctStart, divFactor, finalDivFactor, cycleMomentum } = config.optimization;
    this.schedule = new OneCycleLR(this.optimizer, {
      maxLearningRate,
      totalSteps,
      pctStart,
      divFactor,
      finalDivFactor,
      cycleMomentum,
    });
  }

  /** What follows the data without gradients, in a fixed order: running statistics, the scale of an ID loss. */
  get stateVariables(): Variable[] {
    return [...this.extractor.stateVariables, ...this.idLoss.stateVariables];
  }

  /** Everything that the optimizer changes, in a fixed order. */
  get variables(): Variable[] {
    return [...this.extractor.variables, ...this.idLoss.variables];
  }

  /**
   * One update; returns the losses before it. A batch above `microBatchSize` passes in parts, of which each BatchNorm
   * uses the statistics (`MeanOverParts` says how they become one update). `exchange` may replace the gradients before
   * they are applied (and disposes nothing); the new ones are disposed here too.
   *
   * @throws TrainingMemoryError where the memory of the backend does not suffice
   */
  async step(
    batch: PreparedBatch | BatchPart,
    { dropoutSeed, isMixed, share = ONLY_SHARE }: StepOptions,
    exchange?: (gradients: NamedTensorMap) => Promise<NamedTensorMap>,
  ): Promise<Losses> {
    const { loss } = this.#config;
    const parts = shardBatch(batch, this.#countParts(batch), { loss, isMixed });
    const mean = new MeanOverParts(parts.length, this.stateVariables);
    try {
      for (const [k, part] of parts.entries()) {
        const { gradients, losses } = await this.#differentiate(part, {
          training: true,
          dropoutSeed: dropoutSeedOf(dropoutSeed, share, k),
          isMixed,
        });
        mean.add(gradients, losses);
      }
      const { gradients, losses } = mean.finish();
      const exchanged = exchange ? await exchange(gradients) : gradients;
      this.optimizer.applyGradients(exchanged);
      if (exchanged !== gradients) dispose(exchanged);
      dispose(gradients);
      this.schedule.step();
      return losses;
    } catch (error) {
      throw explainMemoryError(error, { nSamples: (parts[0] as BatchPart).y.length });
    }
  }

  /** The losses of a batch by running statistics, without dropout; nothing changes. */
  async evaluate(batch: PreparedBatch): Promise<Losses> {
    const { loss } = this.#config;
    const parts = shardBatch(batch, this.#countParts(batch), { loss, isMixed: false });
    const all: Losses[] = [];
    for (const part of parts) {
      const tensors = this.#toTensors(part);
      const terms: (Scalar | null)[] = [];
      tidy(() => {
        const computed = this.#losses(tensors, part.weights, { training: false, isMixed: false });
        terms.push(...computed.map((term) => term && keep(term)));
      });
      all.push(await readLosses(terms, part.weights));
      dispose([...terms, ...Object.values(tensors)].filter((each) => each !== null));
    }
    return meanLosses(all);
  }

  /** Parts of at most `microBatchSize` samples that a batch is cut into. */
  #countParts({ y }: PreparedBatch): number {
    return Math.ceil(y.length / this.#microBatchSize);
  }

  async #differentiate(
    part: BatchPart,
    pass: { training: boolean; dropoutSeed: number; isMixed: boolean },
  ): Promise<{ gradients: NamedTensorMap; losses: Losses }> {
    const tensors = this.#toTensors(part);
    const terms: (Scalar | null)[] = [];
    const { value, grads } = variableGrads(() => {
      const [loss, ...others] = this.#losses(tensors, part.weights, pass);
      terms.push(...others.map((term) => term && keep(term)));
      return loss;
    }, this.variables);
    const losses = await readLosses([value, ...terms], part.weights);
    dispose([value, ...terms, ...Object.values(tensors)].filter((each) => each !== null));
    return { gradients: grads, losses };
  }

  /** Keeps a copy of the extractor's weights as they are now, in the place of one from before. */
  async keepWeights(): Promise<void> {
    this.keptWeights = await this.extractor.toWeightsAsync();
  }

  /** Frees optimizer and ID loss; the extractor stays, for the detectors. */
  disposeOptimizer(): void {
    this.optimizer.dispose();
    this.idLoss.dispose();
  }

  /** The weighted sum to differentiate, and its terms as they are. */
  #losses(
    { x, y, targets }: BatchTensors,
    weights: LossWeights,
    pass: { training: boolean; dropoutSeed?: number; isMixed: boolean },
  ): [loss: Scalar, typeLoss: Scalar | null, idLoss: Scalar | null] {
    const { useTypeLoss } = this.#config.loss;
    const alpha = this.#nMachineIds > 0 ? this.#config.loss.alpha : 0;
    const { training, dropoutSeed, isMixed } = pass;
    const { embedding, typeLogits, idLogits } = this.extractor.forward(x, {
      training,
      ...(dropoutSeed !== undefined && { dropoutSeed }),
    });
    const { typeLoss, idLoss } = outlierExposureLossParts(
      { typeLogits, idLogits: this.idLoss.input === 'head' ? idLogits : embedding, y, targets },
      {
        alpha,
        useTypeLoss,
        normalization: idNormalization(this.#config.loss, { isMixed }),
        ...(this.idLoss.loss && { idLoss: this.idLoss.loss({ training }) }),
      },
    );
    const terms: [Scalar | null, number][] = [
      [typeLoss, weights.type],
      [idLoss, alpha * weights.id],
    ];
    const taken = terms.filter((term): term is [Scalar, number] => term[0] !== null);
    const loss = weightedSum(
      taken.map(([term]) => term),
      taken.map(([, weight]) => weight),
    );
    return [loss, typeLoss, idLoss];
  }

  #toTensors({ spectrograms, y, targets }: PreparedBatch): BatchTensors {
    const [nMels, nFrames] = this.#inputShape;
    const nIds = this.#nMachineIds;
    return {
      x: tensor(spectrograms, [y.length, nMels, nFrames, 1], 'float32') as Tensor4D,
      y: tensor(y, [y.length], 'float32') as Tensor1D,
      targets: targets && nIds > 0 ? (tensor(targets, [y.length, nIds], 'float32') as Tensor2D) : null,
    };
  }
}

/** The loss as it is; its terms by what they count in the whole batch. */
async function readLosses(
  [loss, typeLoss, idLoss]: readonly (Tensor | null | undefined)[],
  weights: LossWeights,
): Promise<Losses> {
  const read = async (part: Tensor | null | undefined, weight: number) =>
    part ? weight * ((await part.data())[0] as number) : null;
  return {
    loss: (await read(loss, 1)) as number,
    typeLoss: await read(typeLoss, weights.type),
    idLoss: await read(idLoss, weights.id),
  };
}
