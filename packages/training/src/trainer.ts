import type { WeightMap } from '@serial-oe/safetensors';
import {
  dispose,
  keep,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { type Losses, meanLosses } from './losses';
import { MeanOverParts } from './mean-over-parts';
import { explainMemoryError } from './memory-error';
import { dropoutSeedOf, ONLY_SHARE, type Share } from './part-of-step';
import type { LossTerm, NetworkPass, TrainedNetwork, TrainingLoss } from './training-method';

/** What is particular to one update. */
export interface StepOptions {
  dropoutSeed: number;
  /** Which share of the batch this is, where other threads have others; default all of it. */
  share?: Share;
}

/** Replaces the gradients before they are applied; disposes nothing. */
export type GradientExchange = (gradients: NamedTensorMap) => Promise<NamedTensorMap>;

/** A network and the rhythm of its updates: one at a time, a large batch in parts. */
export class Trainer<Batch> {
  readonly network: TrainedNetwork<Batch>;
  /** The model's weights at the end of the epoch that is to become the model, so far; null where the last one is. */
  keptWeights: WeightMap | null = null;
  readonly #microBatchSize: number;

  /** @param microBatchSize samples that pass through the network at once */
  constructor(network: TrainedNetwork<Batch>, microBatchSize: number) {
    this.network = network;
    this.#microBatchSize = microBatchSize;
  }

  /** Of the next update. */
  get learningRate(): number {
    return this.network.optimizer.learningRate;
  }

  /**
   * One update; returns the losses before it. A batch above `microBatchSize` passes in parts, of which each BatchNorm
   * uses the statistics (`MeanOverParts` says how they become one update).
   *
   * @param exchange may replace the gradients before they are applied; the new ones are disposed here too
   * @throws TrainingMemoryError where the memory of the backend does not suffice
   */
  async step(
    batch: Batch,
    { dropoutSeed, share = ONLY_SHARE }: StepOptions,
    exchange?: GradientExchange,
  ): Promise<Losses> {
    const { network } = this;
    const parts = this.#cut(batch);
    const mean = new MeanOverParts(parts.length, network.stateVariables);
    try {
      for (const [k, part] of parts.entries()) {
        const { gradients, losses } = await this.#differentiate(part, {
          training: true,
          dropoutSeed: dropoutSeedOf(dropoutSeed, share, k),
        });
        mean.add(gradients, losses);
      }
      const { gradients, losses } = mean.finish();
      const exchanged = exchange ? await exchange(gradients) : gradients;
      network.optimizer.applyGradients(exchanged);
      if (exchanged !== gradients) dispose(exchanged);
      dispose(gradients);
      network.schedule.step();
      return losses;
    } catch (error) {
      throw explainMemoryError(error, { nSamples: network.countSamples(parts[0] as Batch) });
    }
  }

  /** The losses of a batch by running statistics, without dropout; nothing changes. */
  async evaluate(batch: Batch): Promise<Losses> {
    const all: Losses[] = [];
    for (const part of this.#cut(batch)) {
      const kept: TrainingLoss[] = [];
      tidy(() => {
        kept.push(keepLoss(this.network.loss(part, { training: false, dropoutSeed: 0 })));
      });
      all.push(await readLosses(kept[0] as TrainingLoss));
    }
    return meanLosses(all);
  }

  /** Keeps a copy of the model's weights as they are now, in the place of one from before. */
  async keepWeights(): Promise<void> {
    this.keptWeights = await this.network.modelWeights();
  }

  /** The weights that were kept last, or where none were, those of now. */
  async takeWeights(): Promise<WeightMap> {
    return this.keptWeights ?? this.network.modelWeights();
  }

  /** Whether weights, statistics and what the optimizer remembers are finite numbers: the loss shows it one update later. */
  async isFinite(): Promise<boolean> {
    const { variables, stateVariables, optimizer } = this.network;
    for (const variable of [...variables, ...stateVariables])
      if (!allFinite((await variable.data()) as Float32Array)) return false;
    const moments = Object.values((await optimizer.getStateAsync()).variables);
    return moments.every(({ m, v }) => allFinite(m) && allFinite(v));
  }

  /** Parts of at most `microBatchSize` samples. */
  #cut(batch: Batch): Batch[] {
    const { network } = this;
    const nParts = Math.ceil(network.countSamples(batch) / this.#microBatchSize);
    return network.split(batch, Math.max(1, nParts)); // 0 for an infinite size
  }

  async #differentiate(
    part: Batch,
    pass: NetworkPass,
  ): Promise<{ gradients: NamedTensorMap; losses: Losses }> {
    const terms: TrainingLoss['terms'][] = [];
    const { value, grads } = variableGrads(() => {
      const computed = this.network.loss(part, pass);
      terms.push(keepTerms(computed.terms));
      return computed.loss;
    }, this.network.variables as Variable[]);
    const losses = await readLosses({ loss: value, terms: terms[0] ?? {} });
    return { gradients: grads, losses };
  }
}

/** A plain loop: there are millions. */
export function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value - value !== 0) return false; // NaN and the infinities
  }
  return true;
}

function keepLoss({ loss, terms }: TrainingLoss): TrainingLoss {
  return { loss: keep(loss) as Scalar, terms: keepTerms(terms) };
}

function keepTerms(terms: TrainingLoss['terms']): TrainingLoss['terms'] {
  for (const term of Object.values(terms)) if (term) keep(term.value as Tensor);
  return terms;
}

/** The loss as it is; its terms by what they count in the whole batch. Disposes what it has read. */
async function readLosses({ loss, terms }: TrainingLoss): Promise<Losses> {
  const read = async (value: Scalar) => (await value.data())[0] as number;
  const losses: Losses = { loss: await read(loss) };
  for (const [name, term] of Object.entries(terms) as [string, LossTerm | null][]) {
    losses[name] = term === null ? null : term.weight * (await read(term.value));
    if (term !== null && term.value !== loss) term.value.dispose();
  }
  loss.dispose();
  return losses;
}
