import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from './create-network';
import { relu } from './layers/activations';
import { batchNorm, KERAS_BATCH_NORM } from './layers/batch-norm';
import { dense } from './layers/convolution';
import { glorotUniform } from './layers/initializers';
import { sequence } from './layers/layer';
import { flattened, reshaped } from './layers/shape';
import type { Network } from './network';

export interface DenseAutoencoderOptions extends CommonNetworkOptions {
  /** Values of an input, default 640: 5 neighbouring frames of 128 mel bands. */
  nInputs?: number;
  /** Width of the four layers on each side, default 128. */
  nHidden?: number;
  /** Width in the middle, default 8. */
  nBottleneck?: number;
}

const OPTIONS: OptionNames<DenseAutoencoderOptions> = {
  nInputs: true,
  nHidden: true,
  nBottleneck: true,
  seed: true,
  ops: true,
};
/** Hidden layers before the bottleneck, and after it. */
const N_LAYERS = 4;

/**
 * The autoencoder of the DCASE2020 baseline: four dense layers, the bottleneck, four more, each with BatchNorm and ReLU, and a
 * dense layer back to the inputs. Keras' initial weights and BatchNorm, whose running variance takes the biased one of
 * vectors.
 *
 * @returns from `[batch, nInputs]` to the reconstruction of the same shape
 */
export function createDenseAutoencoder(options: DenseAutoencoderOptions): Network<readonly [Tensor2D]> {
  const where = 'baselines.createDenseAutoencoder';
  checkOptions(where, options, OPTIONS);
  const { nInputs = 640, nHidden = 128, nBottleneck = 8, ...common } = options;
  checkNumber(`${where}: nInputs`, nInputs, POSITIVE_COUNT);
  checkNumber(`${where}: nHidden`, nHidden, POSITIVE_COUNT);
  checkNumber(`${where}: nBottleneck`, nBottleneck, POSITIVE_COUNT);
  const side = Array<number>(N_LAYERS).fill(nHidden);
  const widths = [nInputs, ...side, nBottleneck, ...side];
  const hidden = widths.slice(1).map((nOut, i) => {
    const linear = dense(`layers.${i}.linear`, {
      nIn: widths[i]!,
      nOut,
      initializer: glorotUniform,
      bias: true,
    });
    return sequence(
      linear,
      batchNorm(`layers.${i}.bn`, nOut, { ...KERAS_BATCH_NORM, isUnbiased: false }),
      relu(),
    );
  });
  const output = dense('output.linear', {
    nIn: nHidden,
    nOut: nInputs,
    initializer: glorotUniform,
    bias: true,
  });
  const layers = sequence(...hidden, output);
  return createNetwork({
    ...common,
    name: 'autoencoder',
    parameters: layers.parameters,
    forward([x], context) {
      const vectors = reshaped<Tensor4D>(context.differentiable, x, [x.shape[0], 1, 1, nInputs]);
      return flattened(context.differentiable, layers.apply(vectors, context));
    },
  });
}
