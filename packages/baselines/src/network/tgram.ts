import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { pad, reshape } from '@tensorflow/tfjs-core';
import { leakyRelu } from './layers/activations';
import { convolution } from './layers/convolution';
import { torchUniform } from './layers/initializers';
import { type Layer, sequence } from './layers/layer';
import { timeLayerNorm } from './layers/layer-norm';

/** Samples between frames; the first convolution sees two such blocks at a time. */
export const TGRAM_HOP = 512;
/** Slope of LeakyReLU below 0. */
const SLOPE = 0.2;
const N_BLOCKS = 3;

/** Frames that a waveform of so many samples gives: as many as a centred STFT with the same hop. */
export function countFrames(nSamples: number): number {
  return Math.floor(nSamples / TGRAM_HOP) + 1;
}

/**
 * The waveform with 512 zeros on both sides, cut into blocks of 512, `[batch, 1, nFrames + 1, 512]`. A convolution of kernel
 * 1024 and stride 512 is one of kernel 2 over those.
 */
export function waveformBlocks(waveform: Tensor2D): Tensor4D {
  const [batch, nSamples] = waveform.shape;
  const nFrames = countFrames(nSamples);
  const padded = pad(waveform, [
    [0, 0],
    [TGRAM_HOP, nFrames * TGRAM_HOP - nSamples],
  ]);
  return reshape(padded, [batch, 1, nFrames + 1, TGRAM_HOP]);
}

/** The learned filters of kernel 1024 and stride 512 without bias: from {@link waveformBlocks} to courses `[batch, 1, nFrames, nFilters]`. */
export function learnedFilters(name: string, nFilters: number): Layer {
  return convolution(`${name}.conv_blocks`, {
    kernelShape: [1, 2],
    nIn: TGRAM_HOP,
    nOut: nFilters,
    initializer: torchUniform,
    padding: 'valid',
    isInput: true,
  });
}

/**
 * STgram's temporal branch: learned filters, then three times LayerNorm over time, LeakyReLU 0.2 and a convolution of 3 frames
 * without bias.
 */
export function tgram(name: string, { nFilters, nFrames }: { nFilters: number; nFrames: number }): Layer {
  const blocks = Array.from({ length: N_BLOCKS }, (_, i) =>
    sequence(
      timeLayerNorm(`${name}.encoder.${i}.norm`, nFrames),
      leakyRelu(SLOPE),
      convolution(`${name}.encoder.${i}.conv`, {
        kernelShape: [1, 3],
        nIn: nFilters,
        nOut: nFilters,
        initializer: torchUniform,
      }),
    ),
  );
  return sequence(learnedFilters(name, nFilters), ...blocks);
}
