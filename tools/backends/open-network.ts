import { aggregate } from '@serial-oe/aggregator';
import { createExtractor, type ExtractorOps } from '@serial-oe/efficientnet-extractor';
import { FrontEnd, type SerialOeModel, type Spectrograms } from '@serial-oe/serial-oe';
import { type Tensor4D, tensor } from '@tensorflow/tfjs-core';

/** Spectrograms of a clip -> its anomaly score. */
export interface Network {
  score(spectrograms: Spectrograms, machineId: string): Promise<number>;
  dispose(): void;
}

/** As models score: BatchNorms folded, by whatever the model was loaded with. */
export function foldedNetwork(model: SerialOeModel): Network {
  return {
    score: async (spectrograms, machineId) =>
      (await model.scoreSpectrograms(spectrograms, machineId)).anomalyScore,
    dispose: () => {},
  };
}

/** Layer by layer, as the network is trained; the detectors are the model's. */
export function layeredNetwork(model: SerialOeModel, ops: ExtractorOps): Network {
  const { imageShape } = new FrontEnd(model.config.frontEnd);
  const { weights, nHeadOutputs } = model.parts;
  const { embeddingSize } = model.config.network;
  const extractor = createExtractor({
    embeddingSize,
    nMachineIds: nHeadOutputs,
    inputShape: imageShape,
    ops,
  });
  extractor.loadWeights(weights);
  return {
    async score({ data, nChunks }, machineId) {
      const detector = model.detectors.get(machineId);
      if (detector === undefined) throw new Error(`tools/backends: no detector for ${machineId}.`);
      const x = tensor(data, [nChunks, ...imageShape, 1], 'float32') as Tensor4D;
      const embedding = extractor.embed(x);
      const values = (await embedding.data()) as Float32Array;
      x.dispose();
      embedding.dispose();
      const embeddings = { data: values, nRows: nChunks, nCols: embeddingSize };
      const chunkScores = detector.mixture.scoreSamples(embeddings).map((logLikelihood) => -logLikelihood);
      return aggregate(chunkScores, model.config.decision.aggregation);
    },
    dispose: () => extractor.dispose(),
  };
}
