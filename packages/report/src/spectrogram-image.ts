import {
  ABOVE_ZERO,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  FINITE,
  type OptionNames,
  POSITIVE_COUNT,
} from '@serial-oe/foundation';
import type { ColormapName } from './colormap';
import { COLORMAPS, colormap } from './colormap';
import { encodePng } from './encode-png';

/** A spectrogram, row-major `[nMels, nFrames]`, lowest band first; what `MelSpectrogram.compute` returns. */
export interface Spectrogram {
  data: ArrayLike<number>;
  nMels: number;
  nFrames: number;
}

/** Options of {@link spectrogramImage}. */
export interface SpectrogramImageOptions {
  /** `'db'` (default) for values that are not negative, `'linear'` for any, log spectrograms among them. */
  scale?: 'db' | 'linear';
  /** Exponent of the values: 1 (default) magnitudes, 20 log10; 2 powers, 10 log10. For `'db'` alone. */
  power?: 1 | 2;
  /** The lowest level shown, decibels below the reference, above 0. Default 80. For `'db'` alone. */
  dynamicRange?: number;
  /** The value of 0 dB, the brightest colour. Default: the largest value. Fix it to compare images. For `'db'` alone. */
  reference?: number;
  /** Value of the darkest colour. Default: the smallest value. For `'linear'` alone. */
  min?: number;
  /** Value of the brightest colour. Default: the largest value. For `'linear'` alone. */
  max?: number;
  /** Default `'magma'`. */
  colormap?: ColormapName;
  /** Pixels a frame. Default 1. */
  frameWidth?: number;
  /** Pixels a band. Default 1. */
  bandHeight?: number;
}

export const SPECTROGRAM_IMAGE_OPTIONS: OptionNames<SpectrogramImageOptions> = {
  scale: true,
  power: true,
  dynamicRange: true,
  reference: true,
  min: true,
  max: true,
  colormap: true,
  frameWidth: true,
  bandHeight: true,
};

/**
 * A spectrogram as an RGB image: time from left to right, low frequencies at the bottom.
 *
 * Decibels are 20 log10(value / reference) for magnitudes, clipped to [-dynamicRange, 0]; silence gets the darkest
 * colour.
 *
 * @returns bytes of a PNG of nFrames x frameWidth by nMels x bandHeight pixels.
 * @throws RangeError for an empty or misshapen spectrogram, a non-finite value, a negative one in decibels, or an
 *   option out of range; TypeError for values of another kind.
 */
export function spectrogramImage(
  spectrogram: Spectrogram,
  options: SpectrogramImageOptions = {},
): Uint8Array<ArrayBuffer> {
  checkOptions('report.spectrogramImage', options, SPECTROGRAM_IMAGE_OPTIONS);
  return drawSpectrogram(spectrogram, options);
}

/** As {@link spectrogramImage}, for options that may hold others too. */
export function drawSpectrogram(
  spectrogram: Spectrogram,
  options: SpectrogramImageOptions,
): Uint8Array<ArrayBuffer> {
  const { frameWidth = 1, bandHeight = 1, colormap: name = 'magma' } = options;
  const levels = colorLevels(spectrogram, options);
  const { nMels, nFrames } = spectrogram;
  checkNumber('report.spectrogramImage: frameWidth', frameWidth, POSITIVE_COUNT);
  checkNumber('report.spectrogramImage: bandHeight', bandHeight, POSITIVE_COUNT);
  const colors = colormap(checkOneOf('report.spectrogramImage: colormap', name, COLORMAPS));
  const width = nFrames * frameWidth;
  const pixels = new Uint8Array(3 * width * nMels * bandHeight);
  for (let row = 0; row < nMels * bandHeight; row++) {
    const band = nMels - 1 - Math.floor(row / bandHeight);
    for (let column = 0; column < width; column++) {
      const level = levels[band * nFrames + Math.floor(column / frameWidth)]!;
      pixels.set(colors.subarray(3 * level, 3 * level + 3), 3 * (row * width + column));
    }
  }
  return encodePng(pixels, { width, height: nMels * bandHeight });
}

/** What the darkest and the brightest colour of {@link spectrogramImage} stand for: dB, or plain values if linear. */
export interface ColorScale {
  unit: 'dB' | '';
  low: number;
  high: number;
}

/** The colour scale that {@link spectrogramImage} uses for the same arguments. */
export function colorScale(spectrogram: Spectrogram, options: SpectrogramImageOptions): ColorScale {
  const scale = checkScale(options);
  const { low, high } = checkValues(spectrogram, scale);
  if (scale === 'db') return { unit: 'dB', low: -checkDynamicRange(options), high: 0 };
  return { unit: '', low: options.min ?? low, high: options.max ?? high };
}

/** Index 0-255 into the colour map for every value. */
function colorLevels(spectrogram: Spectrogram, options: SpectrogramImageOptions): Uint8Array {
  const scale = checkScale(options);
  const { low, high } = checkValues(spectrogram, scale);
  const toShare = scale === 'db' ? decibelShare(high, options) : linearShare(low, high, options);
  return Uint8Array.from(spectrogram.data, (value) =>
    Math.round(255 * Math.min(1, Math.max(0, toShare(value)))),
  );
}

/** Position of a value between the darkest (0) and the brightest colour (1), in decibels. */
function decibelShare(high: number, options: SpectrogramImageOptions): (value: number) => number {
  const { power = 1, reference = high } = options;
  checkOneOf('report.spectrogramImage: power', power, [1, 2] as const);
  const dynamicRange = checkDynamicRange(options);
  if (high === 0 && reference === 0) return () => 0; // silence: there is no loudest value to refer to
  checkNumber('report.spectrogramImage: reference', reference, ABOVE_ZERO);
  const factor = power === 1 ? 20 : 10;
  return (value) => 1 + (factor * Math.log10(value / reference)) / dynamicRange;
}

function linearShare(
  low: number,
  high: number,
  { min = low, max = high }: SpectrogramImageOptions,
): (value: number) => number {
  checkNumber('report.spectrogramImage: min', min, FINITE);
  checkNumber('report.spectrogramImage: max', max, FINITE);
  if (min > max || (min === max && low !== high)) {
    throw new RangeError(`report.spectrogramImage: min must be below max, got min = ${min}, max = ${max}.`);
  }
  return min === max ? () => 0 : (value) => (value - min) / (max - min);
}

function checkScale({ scale = 'db' }: SpectrogramImageOptions): 'db' | 'linear' {
  return checkOneOf('report.spectrogramImage: scale', scale, ['db', 'linear'] as const);
}

function checkDynamicRange({ dynamicRange = 80 }: SpectrogramImageOptions): number {
  return checkNumber('report.spectrogramImage: dynamicRange', dynamicRange, ABOVE_ZERO);
}

function checkValues(spectrogram: Spectrogram, scale: string): { low: number; high: number } {
  checkKind('report.spectrogramImage: spectrogram', spectrogram, 'object');
  const { data, nMels, nFrames } = spectrogram;
  checkNumber('report.spectrogramImage: nMels', nMels, POSITIVE_COUNT);
  checkNumber('report.spectrogramImage: nFrames', nFrames, POSITIVE_COUNT);
  if (data?.length !== nMels * nFrames) {
    throw new RangeError(
      `report.spectrogramImage: data must hold nMels x nFrames = ${nMels * nFrames} values, got ${data?.length}.`,
    );
  }
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) checkNumber(`report.spectrogramImage: data[${i}]`, value, FINITE);
    if (scale === 'db' && value < 0) {
      throw new RangeError(
        `report.spectrogramImage: data[${i}] must not be negative in decibels, got ${value}. ` +
          "Use scale 'linear' for log spectrograms.",
      );
    }
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}
