import type { WeightArray } from '@serial-oe/efficientnet-extractor';
import {
  arcFaceLoss,
  crossEntropyIdLoss,
  type IdLossFunction,
  SubClusterAdaCos,
} from '@serial-oe/losses-mixup';
import { engine, tensor2d, type Variable, variable } from '@tensorflow/tfjs-core';
import type { IdLossName } from '../config/config';

/** An ID loss with the class centres that it owns, if any. */
export interface IdLoss {
  /** 'head': takes the ID head's logits; 'embedding': takes the embedding, and the extractor needs no ID head. */
  input: 'head' | 'embedding';
  /** Undefined for the paper's BCE, which `outlierExposureLoss` has built in. */
  loss: IdLossFunction | undefined;
  /** Trained with the extractor's. */
  variables: Variable[];
  toWeights(): Map<string, WeightArray>;
  loadWeights(weights: ReadonlyMap<string, WeightArray>): void;
  dispose(): void;
}

export interface IdLossOptions {
  nMachineIds: number;
  embeddingSize: number;
  /** Draws the initial centres. */
  random: () => number;
}

/** Makes the ID loss of that name (Table 3 of the paper). */
export function createIdLoss(name: IdLossName, options: IdLossOptions): IdLoss {
  switch (name) {
    case 'bce':
      return headLoss(undefined);
    case 'crossEntropy':
      return headLoss((logits, targets) => crossEntropyIdLoss(logits, targets));
    case 'arcFace':
      return arcFace(options);
    case 'subClusterAdaCos':
      return subClusterAdaCos(options);
  }
}

function headLoss(loss: IdLossFunction | undefined): IdLoss {
  return {
    input: 'head',
    loss,
    variables: [],
    toWeights: () => new Map(),
    loadWeights: () => {},
    dispose: () => {},
  };
}

function arcFace({ nMachineIds, embeddingSize, random }: IdLossOptions): IdLoss {
  const limit = Math.sqrt(6 / (nMachineIds + embeddingSize)); // Glorot and Bengio, 2010
  const values = Float32Array.from({ length: nMachineIds * embeddingSize }, () => limit * (2 * random() - 1));
  const initial = tensor2d(values, [nMachineIds, embeddingSize]);
  const centres = variable(initial, true, freeName('arc_face/weight'));
  initial.dispose();
  return {
    input: 'embedding',
    loss: (embedding, targets) => arcFaceLoss(embedding, centres, targets),
    variables: [centres],
    toWeights: () =>
      new Map([
        ['weight', { shape: [nMachineIds, embeddingSize], data: Float32Array.from(centres.dataSync()) }],
      ]),
    loadWeights(weights) {
      const restored = tensor2d(weightOf(weights, 'weight').data.slice(), [nMachineIds, embeddingSize]);
      centres.assign(restored);
      restored.dispose();
    },
    dispose: () => centres.dispose(),
  };
}

function subClusterAdaCos({ nMachineIds, embeddingSize, random }: IdLossOptions): IdLoss {
  const adaCos = new SubClusterAdaCos({ nClasses: nMachineIds, embeddingSize, random });
  return {
    input: 'embedding',
    loss: (embedding, targets) => adaCos.loss(embedding, targets, { training: true }),
    variables: adaCos.variables.filter(({ trainable }) => trainable),
    toWeights() {
      const { weight, scale } = adaCos.getState();
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

/** tfjs wants each variable name once in a process. */
function freeName(name: string): string {
  const taken = engine().registeredVariables;
  for (let i = 0; ; i++) {
    const candidate = i === 0 ? name : `${name}_${i}`;
    if (taken[candidate] === undefined) return candidate;
  }
}
