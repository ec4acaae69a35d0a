import { type BlockSpec, efficientNetB0Stages, N_FEATURES, N_STEM_CHANNELS } from './architecture';
import { backboneParameters, headParameters } from './parameters';

/** Which layer of EfficientNet-B0: the two outer convolutions, the three of a block, or its residual sum. */
export type LayerKind = 'stem' | 'expand' | 'depthwise' | 'project' | 'sum' | 'head';

/** The output of one layer for one sample. */
export interface LayerShape {
  kind: LayerKind;
  height: number;
  width: number;
  nChannels: number;
  /** Whether the output goes into a residual sum, which follows it in the list. */
  isSummand: boolean;
}

/**
 * Output shapes of all convolutions and residual sums of EfficientNet-B0, in the order of the forward pass: what the
 * memory of a training step can be reckoned from.
 *
 * @param inputShape `[nMels, nFrames]`
 */
export function layerShapes([nMels, nFrames]: readonly [number, number]): LayerShape[] {
  let [height, width] = [halved(nMels), halved(nFrames)];
  const shapes: LayerShape[] = [];
  const add = (kind: LayerKind, nChannels: number, isSummand = false) =>
    shapes.push({ kind, height, width, nChannels, isSummand });
  const addBlock = ({ hasExpansion, midChannels, outChannels, stride, hasResidual }: BlockSpec) => {
    if (hasExpansion) add('expand', midChannels);
    [height, width] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    add('depthwise', midChannels);
    add('project', outChannels, hasResidual);
    if (hasResidual) add('sum', outChannels);
  };
  add('stem', N_STEM_CHANNELS);
  for (const block of efficientNetB0Stages().flat()) addBlock(block);
  add('head', N_FEATURES);
  return shapes;
}

/** Trainable values of an extractor with those options. */
export function countParameters({
  embeddingSize,
  nMachineIds,
}: {
  embeddingSize: number;
  nMachineIds: number;
}): number {
  return [...backboneParameters(), ...headParameters(embeddingSize, nMachineIds)]
    .filter(({ isTrainable }) => isTrainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/**
 * Multiply-accumulates of one image through the convolutions, squeeze-excite gates and the neck; normalisation, activations and sums
 * apart, as papers count them.
 *
 * @param inputShape `[nMels, nFrames]`
 */
export function countMultiplyAccumulates(
  inputShape: readonly [number, number],
  { embeddingSize }: { embeddingSize: number },
): number {
  const shapes = layerShapes(inputShape).filter(({ kind }) => kind !== 'sum');
  const blocks = efficientNetB0Stages().flat();
  let block = 0;
  let total = embeddingSize * (N_FEATURES + embeddingSize);
  for (const [i, { kind, height, width, nChannels }] of shapes.entries()) {
    const nInputs = i === 0 ? 1 : shapes[i - 1]!.nChannels;
    const { kernelSize, midChannels, squeezedChannels } = blocks[Math.min(block, blocks.length - 1)]!;
    if (kind === 'depthwise') total += height * width * nChannels * kernelSize ** 2;
    else total += height * width * nChannels * nInputs * (kind === 'stem' ? 9 : 1);
    if (kind === 'project') {
      total += 2 * midChannels * squeezedChannels; // the gate, between depthwise and project
      block++;
    }
  }
  return total;
}

/** SAME padding with stride 2. */
function halved(size: number): number {
  return Math.ceil(size / 2);
}
