import * as namespace from 'wave-resampler';

/** The options of wave-resampler's `resample` that we set. */
export interface WaveResamplerDetails {
  method: 'sinc';
  /** Input samples to each side that an output sample is made of. */
  sincFilterSize: number;
  /** Window of the sinc at a distance of x input samples. */
  sincWindow: (x: number) => number;
  /** Whether a low-pass at the lower of both Nyquist frequencies runs forwards and backwards. */
  LPF: boolean;
  LPFType: 'IIR';
  /** Second-order sections of the Butterworth low-pass. */
  LPFOrder: number;
}

type Resample = (
  ...parameters: [samples: Float64Array, fromRate: number, toRate: number, details: WaveResamplerDetails]
) => Float64Array;

/** Writes into `samples` where it filters. */
export const waveResample: Resample = pickResample(namespace);

/** Bundlers take the package's ES module, whose export is named; Node takes its CommonJS file, as a default. */
function pickResample(exports: { resample?: unknown; default?: unknown }): Resample {
  return (exports.resample ?? (exports.default as { resample: unknown }).resample) as Resample;
}
