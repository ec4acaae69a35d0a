import { createExtractor, type ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { FrontEnd } from '../features/front-end';
import { Embedder } from './embedder';
import type { ModelParts } from './model-parts';

/** The embedder of a model's weights on tfjs. @throws what `createExtractor` throws of its weights */
export function createEmbedder(
  { config, nHeadOutputs, weights }: Pick<ModelParts, 'config' | 'nHeadOutputs' | 'weights'>,
  ops: ExtractorOps | undefined,
): Embedder {
  const extractor = createExtractor({
    embeddingSize: config.network.embeddingSize,
    nMachineIds: nHeadOutputs,
    inputShape: new FrontEnd(config.frontEnd).imageShape,
    weights,
    ...(ops === undefined ? {} : { ops }),
  });
  try {
    return new Embedder(extractor);
  } finally {
    extractor.dispose();
  }
}
