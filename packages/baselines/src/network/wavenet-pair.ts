import { checkNumber, checkOptions, type OptionNames, POSITIVE_COUNT } from '@serial-oe/foundation';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { type CommonNetworkOptions, createNetwork } from './create-network';
import { channelsSideBySide, flattened, imageAsCourses } from './layers/shape';
import type { Network } from './network';
import type { WaveformAndSgram } from './stgram-network';
import { countFrames, learnedFilters, waveformBlocks } from './tgram';
import { wavenet } from './wavenet';

export interface WavenetPairOptions extends CommonNetworkOptions {
  /** Samples of a clip, default 160,000: 10 s at 16 kHz. The weights belong to that length. */
  nSamples?: number;
  /** Mel bands and learned filters, default 128. */
  nMels?: number;
  /** Channels within the WaveNets, default 512. */
  nHidden?: number;
  /** Length of each WaveNet's feature, default 128. */
  nFeatures?: number;
  /** Repetitions of the dilations 1, 2, 4, 8 in each WaveNet, default 2. */
  nCycles?: number;
}

const OPTIONS: OptionNames<WavenetPairOptions> = {
  nSamples: true,
  nMels: true,
  nHidden: true,
  nFeatures: true,
  nCycles: true,
  seed: true,
  ops: true,
};

/**
 * SW-WaveNet (Chen et al., ICASSP 2023): one WaveNet on a learned spectrogram of the waveform, one on the log-mel spectrogram,
 * their features one after the other.
 *
 * @returns to features `[batch, 2 nFeatures]`
 */
export function createWavenetPair(options: WavenetPairOptions): Network<WaveformAndSgram> {
  const where = 'baselines.createWavenetPair';
  checkOptions(where, options, OPTIONS);
  const { nSamples = 160_000, nMels = 128, nHidden = 512, nFeatures = 128, nCycles = 2, ...common } = options;
  for (const [name, value] of Object.entries({ nSamples, nMels, nHidden, nFeatures, nCycles })) {
    checkNumber(`${where}: ${name}`, value, POSITIVE_COUNT);
  }
  const sizes = { nIn: nMels, nFrames: countFrames(nSamples), nHidden, nOut: nFeatures, nCycles };
  const filters = learnedFilters('wavegram', nMels);
  const [ofWaveform, ofSgram] = [wavenet('wave', sizes), wavenet('spec', sizes)];
  return createNetwork<WaveformAndSgram>({
    ...common,
    name: 'wavenet',
    parameters: [filters, ofWaveform, ofSgram].flatMap(({ parameters }) => parameters),
    forward([waveform, sgram], context) {
      const { differentiable } = context;
      const wavegram = filters.apply(waveformBlocks(waveform), context);
      const features: Tensor4D[] = [
        ofWaveform.apply(wavegram, context),
        ofSgram.apply(imageAsCourses(sgram), context),
      ];
      return flattened(differentiable, channelsSideBySide(differentiable, features));
    },
  });
}
