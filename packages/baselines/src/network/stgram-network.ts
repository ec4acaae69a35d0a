import {
  checkNumber,
  checkOneOf,
  checkOptions,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from './create-network';
import { channelsSideBySide, coursesAsImage, flattened } from './layers/shape';
import { BOTTLENECK_TABLES, type BottleneckTable, mobileFaceNet } from './mobile-face-net';
import type { Network } from './network';
import { temporalAttention } from './temporal-attention';
import { countFrames, TGRAM_HOP, tgram, waveformBlocks } from './tgram';

/** Waveforms `[batch, nSamples]` and their log-mel spectrograms `[batch, nMels, nFrames, 1]`. */
export type WaveformAndSgram = readonly [waveform: Tensor2D, sgram: Tensor4D];

export interface StgramNetworkOptions extends CommonNetworkOptions {
  /** Bottlenecks of MobileFaceNet, default 'head'. */
  table?: BottleneckTable;
  /** Samples of a clip, default 160,000: 10 s at 16 kHz. The weights belong to that length. */
  nSamples?: number;
  /** Frames of the spectrogram, default those of `nSamples`; it must be them. */
  nFrames?: number;
  /** Mel bands of the spectrogram and filters of the temporal branch, default 128. */
  nMels?: number;
}

const OPTIONS: OptionNames<StgramNetworkOptions> = {
  table: true,
  nSamples: true,
  nFrames: true,
  nMels: true,
  seed: true,
  ops: true,
};
const CLIP_SAMPLES = 160_000;
const N_MELS = 128;

/**
 * STgram-MFN (Liu et al., ICASSP 2022): the log-mel spectrogram and a learned one of the waveform as two channels of an image
 * for MobileFaceNet.
 * @returns to features `[batch, 128]`
 */
export function createStgramNetwork(options: StgramNetworkOptions): Network<WaveformAndSgram> {
  return createFusion('createStgramNetwork', options, {
    name: 'stgram',
    nChannels: 2,
    channels: (learned, sgram) => [sgram, learned],
  });
}

/**
 * The network of Noisy-ArcMix (Choi and Choi, ICASSP 2024): STgram's with a third channel, the spectrogram under temporal
 * attention.
 * @returns to features `[batch, 128]`
 */
export function createTastgramNetwork(options: StgramNetworkOptions): Network<WaveformAndSgram> {
  return createFusion('createTastgramNetwork', options, {
    name: 'tastgram',
    nChannels: 3,
    channels: (learned, sgram) => [learned, sgram, temporalAttention(sgram)],
  });
}

interface Fusion {
  name: string;
  nChannels: number;
  /** Images of one channel each, of the temporal branch and of the spectrogram. */
  channels(learned: Tensor4D, sgram: Tensor4D): Tensor4D[];
}

function createFusion(
  caller: string,
  options: StgramNetworkOptions,
  { name, nChannels, channels }: Fusion,
): Network<WaveformAndSgram> {
  const where = `baselines.${caller}`;
  checkOptions(where, options, OPTIONS);
  const { table = 'head', nSamples = CLIP_SAMPLES, nMels = N_MELS, ...rest } = options;
  const { nFrames = countFrames(nSamples), ...common } = rest;
  checkOneOf(`${where}: table`, table, BOTTLENECK_TABLES);
  checkNumber(`${where}: nSamples`, nSamples, POSITIVE_COUNT);
  checkNumber(`${where}: nMels`, nMels, POSITIVE_COUNT);
  if (nFrames !== countFrames(nSamples)) {
    throw new RangeError(
      `${where}: nFrames must be the ${countFrames(nSamples)} that ${nSamples} samples give at a hop of ${TGRAM_HOP}, ` +
        `got ${nFrames}. Leave it out.`,
    );
  }
  const temporal = tgram('tgram', { nFilters: nMels, nFrames });
  const backbone = mobileFaceNet('mfn', { table, inChannels: nChannels, imageShape: [nMels, nFrames] });
  return createNetwork<WaveformAndSgram>({
    ...common,
    name,
    parameters: [...temporal.parameters, ...backbone.parameters],
    forward([waveform, sgram], context) {
      const { differentiable } = context;
      const learned = coursesAsImage(differentiable, temporal.apply(waveformBlocks(waveform), context));
      const image = channelsSideBySide(differentiable, channels(learned, sgram));
      return flattened(differentiable, backbone.apply(image, context));
    },
  });
}
