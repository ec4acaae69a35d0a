import { supervisedContrastiveLoss } from '@serial-oe/losses-mixup';
import { arcFaceNetwork } from '../classifier/arc-face-network';
import { classTargets } from '../classifier/class-targets';
import { classifierRule } from '../classifier/classifier-rule';
import { waveformInputs } from '../classifier/waveform-inputs';
import { createStgramNetwork } from '../network/stgram-network';
import { joinWeights, weightsOf } from '../network-system/joined-weights';
import type { LearningNetwork, NetworkMethod, NetworkSetup } from '../network-system/network-method';
import type { ClpScfConfig } from './clp-scf-config';
import { createProjector } from './create-projector';

export const clpScfMethod: NetworkMethod<ClpScfConfig> = { create, createRule: classifierRule };

/** Features of MobileFaceNet. */
const N_FEATURES = 128;
/** Index of the stage. */
const CONTRASTIVE = 0;
const PROJECTOR = 'projector';

function create({ config, nClasses, window, nMels, ops }: NetworkSetup<ClpScfConfig>): LearningNetwork {
  const { seed, network: sizes, loss, contrastive } = config;
  const projector = createProjector({ seed, ops, nFeatures: N_FEATURES, nProjected: sizes.nProjected });
  const classifier = arcFaceNetwork({
    network: createStgramNetwork({ seed, ops, nSamples: window.nSamples, nMels, table: sizes.table }),
    inputs: waveformInputs,
    ...{ nClasses, seed, ...loss },
    loss(features, { labels, stage }, arcFace) {
      const targets = classTargets(labels, nClasses);
      if (stage !== CONTRASTIVE) return arcFace.loss(features, targets);
      const projected = projector.forward([features], { training: true });
      return supervisedContrastiveLoss(projected, targets, { temperature: contrastive.temperature });
    },
  });
  return {
    ...classifier,
    variables: [...classifier.variables, ...projector.variables],
    async toWeights() {
      return new Map([
        ...(await classifier.toWeights()),
        ...joinWeights({ [PROJECTOR]: await projector.toWeights() }),
      ]);
    },
    loadWeights(weights) {
      projector.loadWeights(weightsOf(weights, PROJECTOR));
      classifier.loadWeights(weights);
    },
    dispose() {
      classifier.dispose();
      projector.dispose();
    },
  };
}
