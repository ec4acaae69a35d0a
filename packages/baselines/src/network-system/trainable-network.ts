import { AdamW, type AdamWUpdateKernel } from '@serial-oe/optimizers';
import type { WeightMap } from '@serial-oe/safetensors';
import type { NetworkPass, TrainedNetwork, TrainingLoss } from '@serial-oe/training';
import { tensor, type Variable } from '@tensorflow/tfjs-core';
import { type NetworkBatch, splitBatch } from './network-batch';
import type { NetworkConfig } from './network-config';
import type { LearningNetwork } from './network-method';
import type { Stage } from './network-spec';
import { StageSchedule } from './stage-schedule';

export interface TrainableNetworkOptions {
  config: NetworkConfig;
  stages: readonly Stage[];
  /** Updates of an epoch. */
  nSteps: number;
  /** Of each input, without the batch. */
  inputShapes: readonly (readonly number[])[];
  /** Undefined for AdamW in tfjs ops. */
  updateKernel: AdamWUpdateKernel | undefined;
}

/** A network under its loss, with AdamW and the schedule of its stages. Takes over the network. */
export class TrainableNetwork implements TrainedNetwork<NetworkBatch> {
  readonly optimizer: AdamW;
  readonly schedule: StageSchedule;
  readonly #network: LearningNetwork;
  readonly #inputShapes: readonly (readonly number[])[];

  constructor(network: LearningNetwork, options: TrainableNetworkOptions) {
    const { config, stages, nSteps, inputShapes, updateKernel } = options;
    const { learningRate, weightDecay } = config.optimization;
    this.#network = network;
    this.#inputShapes = inputShapes;
    this.optimizer = new AdamW({ learningRate, weightDecay, ...(updateKernel && { updateKernel }) });
    this.schedule = new StageSchedule(this.optimizer, stages, nSteps);
  }

  get variables(): readonly Variable[] {
    return this.#network.variables;
  }

  get stateVariables(): readonly Variable[] {
    return this.#network.stateVariables;
  }

  countSamples({ nSamples }: NetworkBatch): number {
    return nSamples;
  }

  split(batch: NetworkBatch, nParts: number): NetworkBatch[] {
    return splitBatch(batch, nParts);
  }

  loss({ inputs, nSamples, ...batch }: NetworkBatch, pass: NetworkPass): TrainingLoss {
    const tensors = inputs.map((values, i) =>
      tensor(values, [nSamples, ...this.#inputShapes[i]!], 'float32'),
    );
    return this.#network.loss({ ...batch, inputs: tensors }, pass);
  }

  modelWeights(): Promise<WeightMap> {
    return this.#network.toWeights();
  }

  toWeights(): Promise<WeightMap> {
    return this.#network.toWeights();
  }

  loadWeights(weights: WeightMap): void {
    this.#network.loadWeights(weights);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.#network.dispose();
  }
}
