import { checkShape, checkStride } from '../ops/check';
import type { FoldedConvolution, FoldedNetwork } from './folded-network';

const CALLER = 'prepareInference';

/** Throws unless every layer takes the channels that the one before it gives. */
export function checkNetwork(network: FoldedNetwork): void {
  let nChannels = checkConvolution('stem', network.stem, [null, null, null]);
  checkStride(CALLER, network.stemStride);
  for (const [i, block] of network.blocks.entries()) {
    const name = `blocks[${i}]`;
    const nIn = nChannels;
    const nMid = block.expand ? checkConvolution(`${name}.expand`, block.expand, [1, 1, nIn]) : nIn;
    checkDepthwise(`${name}.depthwise`, block.depthwise, nMid);
    checkStride(CALLER, block.stride);
    checkGate(`${name}.squeezeExcite`, block.squeezeExcite, nMid);
    nChannels = checkConvolution(`${name}.project`, block.project, [1, 1, nMid]);
    if (block.hasResidual && (nChannels !== nIn || block.stride !== 1)) {
      throw new RangeError(
        `wasm-kernels.${CALLER}: ${name} must keep the shape of its input to have a residual, ` +
          `got ${nIn} channels in, ${nChannels} out, stride ${block.stride}.`,
      );
    }
  }
  checkConvolution('head', network.head, [1, 1, nChannels]);
}

/** Returns the output channels. */
function checkConvolution(
  name: string,
  { filter, bias }: FoldedConvolution,
  shape: readonly (number | null)[],
): number {
  checkShape({ caller: CALLER, name: `${name}.filter` }, filter, [...shape, null]);
  checkShape({ caller: CALLER, name: `${name}.bias` }, bias, [filter.shape[3]]);
  return filter.shape[3];
}

function checkDepthwise(name: string, { filter, bias }: FoldedConvolution, nChannels: number): void {
  const kernelSize = filter.shape[0] ?? null;
  const shape = [kernelSize, kernelSize, nChannels, 1];
  checkShape({ caller: CALLER, name: `${name}.filter` }, filter, shape);
  checkShape({ caller: CALLER, name: `${name}.bias` }, bias, [nChannels]);
}

function checkGate(
  name: string,
  weights: FoldedNetwork['blocks'][number]['squeezeExcite'],
  nChannels: number,
): void {
  const check = (part: keyof typeof weights, shape: readonly (number | null)[]) =>
    checkShape({ caller: CALLER, name: `${name}.${part}` }, weights[part], shape);
  check('reduceBias', [null]);
  const nSqueezed = weights.reduceBias.size;
  check('reduceKernel', [nChannels, nSqueezed]);
  check('expandKernel', [nSqueezed, nChannels]);
  check('expandBias', [nChannels]);
}
