import { checkNumber, POSITIVE_COUNT } from '@serial-oe/foundation';
import { checkWaveform } from './check-waveform';
import { MAX_SAMPLE_RATE, MIN_SAMPLE_RATE } from './sample-rate-range';
import { waveResample } from './wave-resampler';
import type { Waveform } from './waveform';

/** Second-order sections of the low-pass before downsampling, for a cut-off far below the input's Nyquist frequency. */
const LOW_PASS_ORDER = 56;

/** Output samples of silence put behind the clip, in which the low-pass rings out: it falls by e in about 22. */
const TAIL_LENGTH = 256;

const MIN_SINC_SIZE = 16;
const MAX_SINC_SIZE = 64;

/** The slowest recorder's rate to the fastest's; beyond, a rate is a damaged header's, and the result would fill the memory. */
const MAX_RATIO = MAX_SAMPLE_RATE / MIN_SAMPLE_RATE;

/**
 * The library works in whole periods of the two rates, 44100 samples for 44100 to 16001 Hz. Periods up to this length cost
 * nothing that shows; longer ones, of rates above 65536 Hz without a common divisor, are taken as long as the clip warrants.
 */
const FREE_PERIOD = 65_536;
const MAX_PERIODS_A_SAMPLE = 16;

/**
 * Band-limited resampling by wave-resampler: a windowed sinc interpolates at the output's instants; before downsampling,
 * a Butterworth low-pass at toRate / 2 runs forwards and backwards, so nothing is delayed and output sample m is
 * the waveform at m / toRate seconds.
 *
 * A tone keeps its amplitude to 0.1 % up to 95 % of the lower Nyquist frequency and to 5 % up to 97.5 %. Downsampling weakens
 * tones above the new Nyquist frequency by 45 dB at 102.5 % of it and by 90 dB from 107 % on. Outside the clip the
 * waveform is taken as silent, which shows in the samples near both ends: below 1 % beyond 50 samples of the lower rate,
 * below 0.1 % beyond 100.
 *
 * Time and memory are bounded by the clip's length, whatever the rates: where the period that both have in common is far
 * longer than the clip, the ratio of the rates is rounded to one whose instants differ by less than 1 / 16 of an input sample.
 *
 * @param waveform `[nSamples]`, finite.
 * @param fromRate Hz, a whole number.
 * @param toRate Hz, a whole number, at most a thousand times more or less. The same rate gives a copy.
 * @returns `[ceil(nSamples * toRate / fromRate)]`, a new array.
 * @throws RangeError for an empty or non-finite waveform, a rate that is no whole number of at least 1, or rates too far
 *   apart; TypeError for other kinds.
 * @example
 * const at16k = resample(waveform, 44100, 16000);
 */
export function resample(waveform: Waveform, fromRate: number, toRate: number): Waveform {
  const caller = 'audio-features.resample';
  checkWaveform(`${caller}: waveform`, waveform);
  checkNumber(`${caller}: fromRate`, fromRate, POSITIVE_COUNT);
  checkNumber(`${caller}: toRate`, toRate, POSITIVE_COUNT);
  if (fromRate === toRate) return waveform.slice();
  if (Math.max(fromRate / toRate, toRate / fromRate) > MAX_RATIO) {
    throw new RangeError(
      `${caller}: toRate must be at most ${MAX_RATIO} times more or less than fromRate, got ${fromRate} and ${toRate} Hz. ` +
        'Check the sample rate that the recording states.',
    );
  }
  const length = Math.ceil((waveform.length * toRate) / fromRate);
  const maxPeriod = FREE_PERIOD + MAX_PERIODS_A_SAMPLE * waveform.length;
  const resampled = interpolate(waveform, nearestRatio({ from: fromRate, to: toRate }, maxPeriod));
  return Float32Array.from({ length }, (_, i) => resampled[i] ?? 0);
}

interface Ratio {
  from: number;
  to: number;
}

/**
 * The ratio in lowest terms where both are at most `limit`, else the last convergent of its continued fraction with such
 * terms: none with smaller ones is nearer.
 */
function nearestRatio({ from, to }: Ratio, limit: number): Ratio {
  let [before, last]: [Ratio, Ratio] = [
    { from: 0, to: 1 },
    { from: 1, to: 0 },
  ];
  let [a, b] = [from, to];
  while (b !== 0) {
    const quotient = Math.floor(a / b);
    const next = { from: quotient * last.from + before.from, to: quotient * last.to + before.to };
    if (Math.max(next.from, next.to) > limit && last.to > 0 && last.from > 0) return last;
    [before, last, a, b] = [last, next, b, a % b];
  }
  return last;
}

/** wave-resampler's result for the waveform and a silent tail. */
function interpolate(waveform: Waveform, { from, to }: Ratio): Float64Array {
  // The library puts output m of M on input m (N - 1) / M. N = k from + 1 and M = k to make that m from / to exactly.
  const nPeriods = Math.ceil(waveform.length / from) + Math.ceil(TAIL_LENGTH / to);
  const padded = new Float64Array(nPeriods * from + 1);
  padded.set(waveform);
  const sincFilterSize = sincSize(to / from);
  const isDownsampling = to < from;
  const details = {
    method: 'sinc' as const,
    sincFilterSize,
    sincWindow: bellWindow(sincFilterSize),
    LPF: isDownsampling,
    LPFType: 'IIR' as const,
    LPFOrder: lowPassOrder(to / from),
  };
  // It makes M = floor(N toRate / fromRate): k to where to < from, else only if asked for by the two lengths.
  return isDownsampling
    ? waveResample(padded, from, to, details)
    : waveResample(padded, padded.length, nPeriods * to + 0.5, details);
}

/** (1 - (x / size)^2)^4, multiplied out: it is called for every product. */
function bellWindow(size: number): (x: number) => number {
  return (x) => {
    const u = x / size;
    const v = (1 - u * u) * (1 - u * u);
    return v * v;
  };
}

/**
 * The bilinear transform behind the low-pass steepens its edge by w / sin w, w = pi x cut-off / Nyquist frequency; with as
 * many sections less, edge and ringing are the same for every pair of rates.
 */
function lowPassOrder(cutOff: number): number {
  const w = Math.PI * Math.min(cutOff, 1);
  return Math.max(1, Math.ceil((LOW_PASS_ORDER * Math.sin(w)) / w));
}

/** The closer the signal's band comes to the input's Nyquist frequency, the longer the sinc. */
function sincSize(band: number): number {
  const size = band < 1 ? Math.ceil(4.5 / (1 - band)) : MAX_SINC_SIZE;
  return Math.min(MAX_SINC_SIZE, Math.max(MIN_SINC_SIZE, size));
}
