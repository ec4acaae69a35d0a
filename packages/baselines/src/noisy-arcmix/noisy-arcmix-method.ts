import { drawPermutation } from '@serial-oe/foundation';
import { type ArcFace, type Mixup, sampleBeta, weightedSum } from '@serial-oe/losses-mixup';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { arcFaceNetwork } from '../classifier/arc-face-network';
import { classTargets } from '../classifier/class-targets';
import { classifierRule } from '../classifier/classifier-rule';
import { waveformInputs } from '../classifier/waveform-inputs';
import { createTastgramNetwork } from '../network/stgram-network';
import type { NetworkMethod, TensorBatch } from '../network-system/network-method';
import type { NoisyArcmixConfig } from './noisy-arcmix-config';

type Variant = NoisyArcmixConfig['loss']['variant'];

export const noisyArcmixMethod: NetworkMethod<NoisyArcmixConfig> = {
  create({ config, nClasses, window, nMels, ops }) {
    const { seed, network } = config;
    const { margin, scale, variant } = config.loss;
    const shared = { seed, ops, nSamples: window.nSamples, nMels };
    return arcFaceNetwork({
      ...{ network: createTastgramNetwork({ ...shared, table: network.table }), inputs: waveformInputs },
      ...{ nClasses, seed, margin, scale },
      loss: (features, batch, arcFace) => mixedLoss(features, batch, { arcFace, variant }),
    });
  },
  createRule: classifierRule,
  mixup: ({ loss: { variant, beta } }, nSamples, random) =>
    variant === 'arcFace' ? null : sampleBatchMixup(nSamples, beta, random),
};

/** One lambda for the whole batch, and random partners. */
function sampleBatchMixup(nSamples: number, beta: number, random: () => number): Mixup {
  const lambda = new Float32Array(nSamples).fill(sampleBeta(beta, beta, random));
  return { lambda, permutation: drawPermutation(nSamples, random) };
}

/**
 * lambda CE(z, y_a) + (1 - lambda) CE(z, y_b) of samples of class a that were mixed with some of class b. The logits z bear the margin
 * on a for both terms (noisyArcMix), or on the class of each term (arcMix).
 */
export function mixedLoss(
  features: Tensor2D,
  { labels, mixing }: Pick<TensorBatch, 'labels' | 'mixing'>,
  { arcFace, variant }: { arcFace: ArcFace; variant: Variant },
): Scalar {
  const { nClasses } = arcFace;
  const own = classTargets(labels, nClasses);
  if (mixing === null) return arcFace.loss(features, own);
  if (variant === 'noisyArcMix') {
    return arcFace.loss(features, classTargets(labels, nClasses, mixing), { marginTargets: own });
  }
  const lambda = mixing.lambda[0]!;
  const partners = classTargets(mixing.partners, nClasses);
  return weightedSum([arcFace.loss(features, own), arcFace.loss(features, partners)], [lambda, 1 - lambda]);
}
