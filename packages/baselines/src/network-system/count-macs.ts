import { profile, type Tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import type { NetworkConfig } from './network-config';
import type { LearningNetwork, NetworkMethod, NetworkSetup } from './network-method';

/**
 * Multiply-accumulates of a window that passes the network, in convolutions and matrix products: those that the kernels of one
 * forward pass do.
 * @param shapes of the inputs, without the batch
 */
export async function countMacs<Config extends NetworkConfig>(
  method: NetworkMethod<Config>,
  setup: NetworkSetup<Config>,
  shapes: readonly (readonly number[])[],
): Promise<number> {
  // tfjs's own operations, whose kernels it can name; one machine of those that have a network each.
  const network = method.create({ ...setup, ops: undefined, nMachines: 1 });
  try {
    const { kernels } = await profile(() => forward(network, shapes));
    return kernels.reduce((sum, kernel) => sum + macsOf(kernel), 0);
  } finally {
    network.dispose();
  }
}

function forward(network: Pick<LearningNetwork, 'outputs'>, shapes: readonly (readonly number[])[]): void {
  tidy(() => {
    network.outputs(
      shapes.map((shape): Tensor => zeros([1, ...shape])),
      0,
    );
  });
}

interface Kernel {
  name: string;
  inputShapes: readonly number[][];
  outputShapes: readonly number[][];
}

/** Each value of a convolution sums over its window and the inputs' channels, of a product over the rows. */
function macsOf({ name, inputShapes, outputShapes }: Kernel): number {
  const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
  const [first = [], second = []] = inputShapes;
  const nValues = sizeOf(outputShapes[0] ?? []);
  switch (name) {
    case 'Conv2D':
    case 'FusedConv2D':
      return nValues * sizeOf(second.slice(0, 3));
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2D':
      return nValues * sizeOf(second.slice(0, 2));
    case 'BatchMatMul':
    case '_FusedMatMul':
      return nValues * (first.at(-1) ?? 0);
    default:
      return 0;
  }
}
