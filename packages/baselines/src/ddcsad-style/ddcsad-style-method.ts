import { normalValues, seededRandom } from '@serial-oe/foundation';
import { typeLoss, weightedSum } from '@serial-oe/losses-mixup';
import { BundleError } from '@serial-oe/runtime/contract';
import type { WeightMap } from '@serial-oe/safetensors';
import {
  expandDims,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import { classTargets } from '../classifier/class-targets';
import { createResnetTwoHeads, splitHeads } from '../network/resnet-two-heads';
import { joinWeights, weightsOf } from '../network-system/joined-weights';
import type { LearningNetwork, NetworkMethod, NetworkSetup } from '../network-system/network-method';
import { centroidLoss } from './centroid-loss';
import type { DdcsadStyleConfig } from './ddcsad-style-config';
import { ProbabilityScore } from './probability-score';

export const ddcsadStyleMethod: NetworkMethod<DdcsadStyleConfig> = {
  create,
  createRule: ({ config, watched }) =>
    new ProbabilityScore({
      embeddingSize: config.network.embeddingSize,
      isOfOneMachine: watched.length === 1,
    }),
};

const N_CLASSES = 2;
const CENTROIDS = 'centroids';

/** A network and two centroids for each machine; a stage trains one of them. */
function create(setup: NetworkSetup<DdcsadStyleConfig>): LearningNetwork {
  const machines = Array.from({ length: setup.nMachines }, (_, i) => machineNetwork(setup, i));
  return {
    variables: machines.flatMap(({ variables }) => variables),
    stateVariables: machines.flatMap(({ stateVariables }) => stateVariables),
    loss: (batch, pass) => machines[batch.stage]!.loss(batch, pass),
    outputs: (inputs, machine) => machines[machine]!.outputs(inputs, machine),
    async toWeights() {
      const parts: Record<string, WeightMap> = {};
      for (const [i, machine] of machines.entries()) parts[i] = await machine.toWeights();
      return joinWeights(parts);
    },
    loadWeights(weights) {
      for (const [i, machine] of machines.entries()) machine.loadWeights(weightsOf(weights, String(i)));
    },
    dispose() {
      for (const machine of machines) machine.dispose();
    },
  };
}

function machineNetwork(
  { config, nMels, ops }: NetworkSetup<DdcsadStyleConfig>,
  index: number,
): LearningNetwork {
  const { seed, loss } = config;
  const { nFrames, embeddingSize } = config.network;
  const network = createResnetTwoHeads({ seed: seed + index, ops, nFrames, nMels, embeddingSize });
  const shape: [number, number] = [N_CLASSES, embeddingSize];
  const centroids = tidy(() => {
    const values = normalValues(N_CLASSES * embeddingSize, 1, seededRandom(seed, 'centroids', index));
    return variable(tensor2d(values, shape));
  });
  const image = ([input]: Tensor[]): readonly [Tensor4D] => [expandDims<Tensor4D>(input!, 3)];
  return {
    variables: [...network.variables, centroids],
    stateVariables: network.stateVariables,
    loss({ inputs, labels }, { training }) {
      const { embedding, logits } = splitHeads(network.forward(image(inputs), { training }));
      const entropy = typeLoss(logits, tensor1d(Float32Array.from(labels)));
      const isOwn = classTargets(labels, N_CLASSES);
      const distances = centroidLoss(embedding, centroids as Tensor as Tensor2D, {
        isOwn,
        margin: loss.margin,
      });
      return { loss: weightedSum([entropy, distances], [1, loss.centroidWeight]), terms: {} };
    },
    outputs: (inputs) => network.forward(image(inputs), { training: false }),
    async toWeights() {
      const data = Float32Array.from(await centroids.data());
      return new Map([...joinWeights({ network: await network.toWeights() }), [CENTROIDS, { shape, data }]]);
    },
    loadWeights(weights) {
      const data = weights.get(CENTROIDS)?.data;
      if (data?.length !== N_CLASSES * embeddingSize || !data.every(Number.isFinite))
        throw new BundleError(
          'weights',
          `baselines.ddcsad-style: the weights must hold ${CENTROIDS} of ${shape.join(' x ')} finite values.`,
        );
      network.loadWeights(weightsOf(weights, 'network'));
      tidy(() => centroids.assign(tensor2d(data.slice(), shape)));
    },
    dispose() {
      network.dispose();
      centroids.dispose();
    },
  };
}
