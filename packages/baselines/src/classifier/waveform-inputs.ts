import { expandDims, type Tensor, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import type { WaveformAndSgram } from '../network/stgram-network';

/** A waveform and a spectrogram `[n, nMels, nFrames]`, as an image of one channel. */
export function waveformInputs([waveform, sgram]: Tensor[]): WaveformAndSgram {
  return [waveform as Tensor2D, expandDims<Tensor4D>(sgram!, 3)];
}
