import { seededRandom } from '@serial-oe/datasets';
import { createExtractor, type Extractor, type ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { outlierExposureLossParts } from '@serial-oe/losses-mixup';
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
import type { PreparedBatch } from './prepare-batch';

/** Losses of one batch, in nats; a term that takes no part is null. */
export interface Losses {
  loss: number;
  typeLoss: number | null;
  idLoss: number | null;
}

export interface TrainerOptions {
  config: SerialOeConfig;
  nMachineIds: number;
  /** `[nMels, nFrames]` */
  inputShape: [number, number];
  /** Updates in the whole training. */
  totalSteps: number;
  ops: ExtractorOps | undefined;
  /** Undefined for AdamW in tfjs ops. */
  updateKernel: AdamWUpdateKernel | undefined;
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
  readonly #config: SerialOeConfig;
  readonly #nMachineIds: number;
  readonly #inputShape: [number, number];

  constructor({ config, nMachineIds, inputShape, totalSteps, ops, updateKernel }: TrainerOptions) {
    const { embeddingSize, dropoutRate } = config.network;
    this.#config = config;
    this.#inputShape = inputShape;
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
   * One update; returns the losses before it. `exchange` may replace the gradients before they are applied (and disposes
   * nothing); the new ones are disposed here too.
   */
  async step(
    batch: PreparedBatch,
    { dropoutSeed, isMixed }: { dropoutSeed: number; isMixed: boolean },
    exchange?: (gradients: NamedTensorMap) => Promise<NamedTensorMap>,
  ): Promise<Losses> {
    const tensors = this.#toTensors(batch);
    const parts: (Scalar | null)[] = [];
    const { value, grads } = variableGrads(() => {
      const computed = this.#losses(tensors, { training: true, dropoutSeed, isMixed });
      parts.push(...[computed.typeLoss, computed.idLoss].map((part) => part && keep(part)));
      return computed.loss;
    }, this.variables);
    const exchanged = exchange ? await exchange(grads) : grads;
    this.optimizer.applyGradients(exchanged);
    if (exchanged !== grads) dispose(exchanged);
    this.schedule.step();
    const losses = await readLosses([value, ...parts]);
    dispose([tensors.x, tensors.y, value]);
    dispose(grads);
    dispose([...parts, tensors.targets].filter((part) => part !== null));
    return losses;
  }

  /** The losses of a batch by running statistics, without dropout; nothing changes. */
  async evaluate(batch: PreparedBatch): Promise<Losses> {
    const tensors = this.#toTensors(batch);
    const parts: (Scalar | null)[] = [];
    tidy(() => {
      const computed = this.#losses(tensors, { training: false, isMixed: false });
      parts.push(...[computed.loss, computed.typeLoss, computed.idLoss].map((part) => part && keep(part)));
    });
    const losses = await readLosses(parts as [Scalar, Scalar | null, Scalar | null]);
    dispose([...parts, tensors.x, tensors.y, tensors.targets].filter((each) => each !== null));
    return losses;
  }

  /** Frees optimizer and ID loss; the extractor stays, for the detectors. */
  disposeOptimizer(): void {
    this.optimizer.dispose();
    this.idLoss.dispose();
  }

  #losses(
    { x, y, targets }: BatchTensors,
    pass: { training: boolean; dropoutSeed?: number; isMixed: boolean },
  ): ReturnType<typeof outlierExposureLossParts> {
    const { alpha, useTypeLoss, normalization } = this.#config.loss;
    const { training, dropoutSeed, isMixed } = pass;
    const { embedding, typeLogits, idLogits } = this.extractor.forward(x, {
      training,
      ...(dropoutSeed !== undefined && { dropoutSeed }),
    });
    return outlierExposureLossParts(
      { typeLogits, idLogits: this.idLoss.input === 'head' ? idLogits : embedding, y, targets },
      {
        alpha: this.#nMachineIds > 0 ? alpha : 0,
        useTypeLoss,
        normalization: normalization === 'reference' ? (isMixed ? 'all' : 'normals') : normalization,
        ...(this.idLoss.loss && { idLoss: this.idLoss.loss({ training }) }),
      },
    );
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

async function readLosses([loss, typeLoss, idLoss]: (Tensor | null | undefined)[]): Promise<Losses> {
  const read = async (part: Tensor | null | undefined) => (part ? ((await part.data())[0] as number) : null);
  return { loss: (await read(loss)) as number, typeLoss: await read(typeLoss), idLoss: await read(idLoss) };
}
