import { seededRandom } from '@serial-oe/datasets';
import {
  createExtractor,
  type Extractor,
  type ExtractorOps,
  loadPretrained,
} from '@serial-oe/efficientnet-extractor';
import { outlierExposureLossParts, weightedSum } from '@serial-oe/losses-mixup';
import { AdamW, type AdamWUpdateKernel, OneCycleLR } from '@serial-oe/optimizers';
import { adamWUpdateFor } from '@serial-oe/runtime';
import type { WeightMap } from '@serial-oe/safetensors';
import type { NetworkPass, TrainedNetwork, TrainingLoss } from '@serial-oe/training';
import {
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { SerialOeConfig } from '../config/config';
import { createIdLoss, type IdLoss } from './id-loss';
import { idNormalization, wholeBatch } from './loss-weighting';
import type { PreparedBatch } from './prepare-batch';
import { shardBatch } from './shard-batch';

/** What the network is made from; plain data, so that it can be sent to a thread. */
export interface NetworkSetup {
  config: SerialOeConfig;
  nMachineIds: number;
  /** `[nRows, nFrames]` */
  inputShape: readonly [number, number];
  /** Updates that the schedule of the learning rate is made for. */
  scheduleSteps: number;
  /** timm's safetensors file or an imported one; undefined for random weights by the seed. */
  pretrainedWeights: Uint8Array | undefined;
  /** A trained network that the training goes on from, in place of all else that it could start from. */
  start?: StartWeights | undefined;
}

/** A trained network. */
export interface StartWeights {
  weights: WeightMap;
  /** For each output of the ID head, that of the trained network for the same machine; -1 for a machine that it does not know. */
  outputs: readonly number[];
}

interface Operations {
  ops: ExtractorOps | undefined;
  /** Undefined for AdamW in tfjs ops. */
  updateKernel: AdamWUpdateKernel | undefined;
}

/** What checkpoints and models call the operations. */
export function operationsName(ops: ExtractorOps | undefined): string {
  return ops?.name ?? 'tfjs';
}

/** Makes the network of a setup, pretrained weights loaded. */
export async function createOutlierExposure(
  setup: NetworkSetup,
  ops: ExtractorOps | undefined,
): Promise<OutlierExposure> {
  const updateKernel = await adamWUpdateFor(operationsName(ops));
  const network = new OutlierExposure(setup, { ops, updateKernel });
  try {
    if (setup.pretrainedWeights) loadPretrained(network.extractor, setup.pretrainedWeights);
    if (setup.start) await loadStart(network.extractor, setup.start);
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}

const ID_HEAD = 'id_head.weight';

/** Loads a trained network; what the ID head says of machines that are new starts as drawn. */
async function loadStart(extractor: Extractor, { weights, outputs }: StartWeights): Promise<void> {
  const head = (await extractor.toWeightsAsync()).get(ID_HEAD);
  const trained = weights.get(ID_HEAD);
  const others = [...weights].filter(([name]) => name !== ID_HEAD);
  if (head === undefined) return extractor.loadWeights(new Map(others));
  const data = head.data.slice();
  const nTrained = trained?.shape[1] ?? 0;
  for (let i = 0; i < data.length; i++) {
    const output = outputs[i % outputs.length]!;
    if (output < 0) continue;
    data[i] = trained!.data[Math.floor(i / outputs.length) * nTrained + output]!;
  }
  extractor.loadWeights(new Map([...others, [ID_HEAD, { shape: head.shape, data }]]));
}

/** Where weights of the ID loss stand among those of the extractor. */
const ID_LOSS_PREFIX = 'id_loss/';

/** The extractor under the loss of Eq. 1, with AdamW and OneCycleLR. */
export class OutlierExposure implements TrainedNetwork<PreparedBatch> {
  readonly extractor: Extractor;
  readonly idLoss: IdLoss;
  readonly optimizer: AdamW;
  readonly schedule: OneCycleLR;
  readonly #config: SerialOeConfig;
  readonly #nMachineIds: number;
  readonly #inputShape: readonly [number, number];

  constructor(
    { config, inputShape, scheduleSteps, nMachineIds }: NetworkSetup,
    { ops, updateKernel }: Operations,
  ) {
    const { embeddingSize, dropoutRate, typeHeadStart } = config.network;
    this.#config = config;
    this.#inputShape = inputShape;
    this.#nMachineIds = config.loss.alpha > 0 ? nMachineIds : 0;
    this.idLoss = createIdLoss(this.#nMachineIds > 0 ? config.loss.idLoss : 'bce', {
      nMachineIds: this.#nMachineIds,
      embeddingSize,
      random: seededRandom(config.seed, 'id-loss'),
      arcFace: { scale: config.loss.arcFaceScale, margin: config.loss.arcFaceMargin },
    });
    let extractor: Extractor | null = null;
    try {
      extractor = createExtractor({
        embeddingSize,
        dropoutRate,
        inputShape,
        nMachineIds: this.idLoss.input === 'head' ? this.#nMachineIds : 0,
        seed: config.seed,
        ...(typeHeadStart !== 'random' && { typeHeadStart }),
        ...(ops && { ops }),
      });
      const { maxLearningRate, beta2, epsilon, weightDecay } = config.optimization;
      const { pctStart, divFactor, finalDivFactor, cycleMomentum } = config.optimization;
      const kernel = updateKernel && { updateKernel };
      this.optimizer = new AdamW({ learningRate: maxLearningRate, beta2, epsilon, weightDecay, ...kernel });
      this.schedule = new OneCycleLR(this.optimizer, {
        ...{ maxLearningRate, pctStart, divFactor, finalDivFactor, cycleMomentum },
        totalSteps: scheduleSteps,
      });
      this.extractor = extractor;
    } catch (error) {
      // Of a network that cannot be built nothing stays in the memory.
      extractor?.dispose();
      this.idLoss.dispose();
      throw error;
    }
  }

  get variables(): Variable[] {
    return [...this.extractor.variables, ...this.idLoss.variables];
  }

  /** Running statistics, the scale of an ID loss. */
  get stateVariables(): Variable[] {
    return [...this.extractor.stateVariables, ...this.idLoss.stateVariables];
  }

  countSamples({ y }: PreparedBatch): number {
    return y.length;
  }

  split(batch: PreparedBatch, nParts: number): PreparedBatch[] {
    return shardBatch(batch, nParts, this.#config.loss);
  }

  /** The weighted sum to differentiate, and its terms as they are. */
  loss(batch: PreparedBatch, { training, dropoutSeed }: NetworkPass): TrainingLoss {
    const { useTypeLoss } = this.#config.loss;
    const { isMixed, weights = wholeBatch(batch, this.#config.loss) } = batch;
    const alpha = this.#nMachineIds > 0 ? this.#config.loss.alpha : 0;
    const { x, y, targets } = this.#toTensors(batch);
    const { embedding, typeLogits, idLogits } = this.extractor.forward(x, {
      training,
      ...(training && { dropoutSeed }),
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
    const counted: [Scalar | null, number][] = [
      [typeLoss, weights.type],
      [idLoss, alpha * weights.id],
    ];
    const taken = counted.filter((term): term is [Scalar, number] => term[0] !== null);
    return {
      loss: weightedSum(
        taken.map(([term]) => term),
        taken.map(([, weight]) => weight),
      ),
      terms: {
        typeLoss: typeLoss && { value: typeLoss, weight: weights.type },
        idLoss: idLoss && { value: idLoss, weight: weights.id },
      },
    };
  }

  modelWeights(): Promise<WeightMap> {
    return this.extractor.toWeightsAsync();
  }

  async toWeights(): Promise<WeightMap> {
    const ofLoss = [...(await this.idLoss.toWeights())].map(
      ([name, weight]) => [ID_LOSS_PREFIX + name, weight] as const,
    );
    return new Map([...(await this.extractor.toWeightsAsync()), ...ofLoss]);
  }

  loadWeights(weights: WeightMap): void {
    const isOfLoss = (name: string) => name.startsWith(ID_LOSS_PREFIX);
    const all = [...weights];
    this.extractor.loadWeights(new Map(all.filter(([name]) => !isOfLoss(name))));
    this.idLoss.loadWeights(
      new Map(
        all
          .filter(([name]) => isOfLoss(name))
          .map(([name, weight]) => [name.slice(ID_LOSS_PREFIX.length), weight]),
      ),
    );
  }

  dispose(): void {
    this.optimizer.dispose();
    this.idLoss.dispose();
    this.extractor.dispose();
  }

  #toTensors({ spectrograms, y, targets }: PreparedBatch): {
    x: Tensor4D;
    y: Tensor1D;
    targets: Tensor2D | null;
  } {
    const [nRows, nFrames] = this.#inputShape;
    const nIds = this.#nMachineIds;
    return {
      x: tensor(spectrograms, [y.length, nRows, nFrames, 1], 'float32') as Tensor4D,
      y: tensor(y, [y.length], 'float32') as Tensor1D,
      targets: targets && nIds > 0 ? (tensor(targets, [y.length, nIds], 'float32') as Tensor2D) : null,
    };
  }
}
