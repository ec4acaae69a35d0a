import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { atRate } from '../check-clip';
import { LogMel, type LogMelFrame } from './log-mel';
import type { NormalLevel } from './normal-level';

export interface DifferenceSpectrogramOptions {
  /** Hz, of the waveform. */
  sampleRate: number;
  /** 'dB', or how many of the band's standard deviations. Default 'dB'. */
  unit?: 'dB' | 'deviations' | undefined;
}

const OPTIONS: OptionNames<DifferenceSpectrogramOptions> = { sampleRate: true, unit: true };

/** A clip's log-mel spectrogram less the machine's normal level. */
export interface DifferenceSpectrogram extends LogMelFrame {
  /** `[nMels, nFrames]` row-major, the lowest band first; above 0 where the clip is louder. */
  data: Float32Array;
  nFrames: number;
  unit: 'dB' | 'deviations';
}

/** Least deviation of a band that is divided by, dB: a band of digital silence has none. */
const MIN_DEVIATION = 0.5;

/**
 * How much louder or quieter than its machine usually is, a clip is in each mel band and frame.
 *
 * @param waveform mono samples, full scale = 1
 * @param level of the machine, `NormalIndex.levelOf`
 * @throws RangeError or TypeError for a waveform or option that is wrong
 * @example
 * const { data, nMels, nFrames } = differenceSpectrogram(waveform, index.levelOf('00'), { sampleRate: 16000 });
 */
export function differenceSpectrogram(
  waveform: Float32Array,
  level: NormalLevel,
  options: DifferenceSpectrogramOptions,
): DifferenceSpectrogram {
  const where = 'explain.differenceSpectrogram';
  checkOptions(where, options, OPTIONS);
  const { sampleRate, unit = 'dB' } = options;
  checkOneOf(`${where}: unit`, unit, ['dB', 'deviations']);
  const mel = new LogMel(level.sampleRate);
  const { data, nMels, nFrames } = mel.compute(
    atRate(`${where}: waveform`, { waveform, sampleRate }, level.sampleRate),
  );
  for (let band = 0; band < nMels; band++) {
    const scale = unit === 'dB' ? 1 : Math.max(MIN_DEVIATION, level.deviation[band]!);
    for (let at = band * nFrames; at < (band + 1) * nFrames; at++) {
      data[at] = (data[at]! - level.mean[band]!) / scale;
    }
  }
  return { ...mel.frame, data, nMels, nFrames, unit };
}
