import type { WeightArray } from '@serial-oe/efficientnet-extractor';
import { ArcFace, crossEntropyIdLoss, type IdLossFunction, SubClusterAdaCos } from '@serial-oe/losses-mixup';
import type { Variable } from '@tensorflow/tfjs-core';
import type { IdLossName } from '../config/config';

/** An ID loss with the class centres that it owns, if any. */
export interface IdLoss {
  /** 'head': takes the ID head's logits; 'embedding': takes the embedding, and the extractor needs no ID head. */
  input: 'head' | 'embedding';
  /** Undefined for the paper's BCE, which `outlierExposureLoss` has built in. */
  loss: ((pass: { training: boolean }) => IdLossFunction) | undefined;
  /** Trained with the extractor's. */
  variables: Variable[];
  /** Follow the data without gradients, as running statistics do. */
  stateVariables: Variable[];
  toWeights(): Promise<Map<string, WeightArray>>;
  loadWeights(weights: ReadonlyMap<string, WeightArray>): void;
  dispose(): void;
}

export interface IdLossOptions {
  nMachineIds: number;
  embeddingSize: number;
  /** Draws the initial centres. */
  random: () => number;
  /** Scale and margin of 'arcFace'. Default: those of `ArcFace`. */
  arcFace?: { scale: number; margin: number };
}

/** Makes the ID loss of that name (Table 3 of the paper). */
export function createIdLoss(name: IdLossName, options: IdLossOptions): IdLoss {
  switch (name) {
    case 'bce':
      return headLoss(undefined);
    case 'crossEntropy':
      return headLoss(() => (logits, targets) => crossEntropyIdLoss(logits, targets));
    case 'arcFace':
      return arcFace(options);
    case 'subClusterAdaCos':
      return subClusterAdaCos(options);
  }
}

function headLoss(loss: IdLoss['loss']): IdLoss {
  return {
    input: 'head',
    loss,
    variables: [],
    stateVariables: [],
    toWeights: async () => new Map(),
    loadWeights: () => {},
    dispose: () => {},
  };
}

function arcFace({ nMachineIds, embeddingSize, random, arcFace: scaling }: IdLossOptions): IdLoss {
  const face = new ArcFace({ nClasses: nMachineIds, embeddingSize, random, ...scaling });
  return {
    input: 'embedding',
    loss: () => (embedding, targets) => face.loss(embedding, targets),
    variables: face.variables,
    stateVariables: [],
    async toWeights() {
      const { weight } = await face.getStateAsync();
      return new Map([['weight', { shape: [nMachineIds, embeddingSize], data: weight }]]);
    },
    loadWeights: (weights) =>
      face.setState({ nClasses: nMachineIds, embeddingSize, weight: weightOf(weights, 'weight').data }),
    dispose: () => face.dispose(),
  };
}

function subClusterAdaCos({ nMachineIds, embeddingSize, random }: IdLossOptions): IdLoss {
  const adaCos = new SubClusterAdaCos({ nClasses: nMachineIds, embeddingSize, random });
  return {
    input: 'embedding',
    loss: (pass) => (embedding, targets) => adaCos.loss(embedding, targets, pass),
    variables: adaCos.variables.filter(({ trainable }) => trainable),
    stateVariables: adaCos.variables.filter(({ trainable }) => !trainable),
    async toWeights() {
      const { weight, scale } = await adaCos.getStateAsync();
      return new Map([
        ['weight', { shape: [weight.length / embeddingSize, embeddingSize], data: weight }],
        ['scale', { shape: [1], data: Float32Array.of(scale) }],
      ]);
    },
    loadWeights(weights) {
      adaCos.setState({
        ...adaCos.getState(),
        weight: weightOf(weights, 'weight').data,
        scale: weightOf(weights, 'scale').data[0] as number,
      });
    },
    dispose: () => adaCos.dispose(),
  };
}

function weightOf(weights: ReadonlyMap<string, WeightArray>, name: string): WeightArray {
  const found = weights.get(name);
  if (found === undefined)
    throw new RangeError(`serial-oe: weights of the ID loss must hold ${name}, got none.`);
  return found;
}
