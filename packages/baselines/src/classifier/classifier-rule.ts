import type { NetworkConfig } from '../network-system/network-config';
import type { RuleContext, ScoreRule } from '../network-system/network-method';
import { CLASS_WEIGHT } from './arc-face-network';
import { GaussianScore } from './gaussian-score';
import { OwnIdScore } from './own-id-score';

/** Of an ArcFace classifier's configuration, what scores need. */
export interface ScoredByArcFace extends NetworkConfig {
  loss: { margin: number; scale: number };
  score: { kind: 'margin' | 'plain' | 'gmm'; nComponents: number; regCovar: number };
}

/** The rule that the configuration asks for. */
export function classifierRule({
  config,
  nClasses,
  watched,
  weights,
  fitted,
}: RuleContext<ScoredByArcFace>): ScoreRule {
  const { loss, score, seed } = config;
  const weight = weights.get(CLASS_WEIGHT)?.data ?? new Float32Array();
  if (score.kind !== 'gmm') {
    const margin = score.kind === 'margin' ? loss.margin : 0;
    return new OwnIdScore({ weight, nClasses, scale: loss.scale, margin });
  }
  const { nComponents, regCovar } = score;
  const centres = nComponents === 1 ? weight : null; // one direction cannot start several
  return new GaussianScore({
    ...{ embeddingSize: weight.length / nClasses, watched, nComponents, regCovar, seed },
    centres,
    fitted,
  });
}
