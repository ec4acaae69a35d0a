import { MelSpectrogram } from '@serial-oe/audio-features';
import { quantile } from '@serial-oe/foundation';

export interface TerminalSpectrogramOptions {
  /** Hz. */
  sampleRate: number;
  /** Columns of the terminal. */
  width: number;
  /** Lines of the picture, without the axis. */
  height: number;
  /** Colours of 256; else shades by characters. */
  hasColor: boolean;
}

/** Decibels below the loudest that are shown at most, and at least; between them down to the quietest twentieth. */
const [RANGE_DB, LEAST_RANGE_DB, QUIET] = [60, 6, 0.05];
const FFT = 1024;
/** Of the frequencies at the left. */
const MARGIN = 7;
/** From silence to loud, as codes of the 256 colours: black, violet, red, yellow, white. */
const RAMP = [16, 17, 53, 54, 90, 126, 162, 198, 204, 209, 215, 221, 228, 231];
const SHADES = [' ', '░', '▒', '▓', '█'];
/** Quietest power that enters the logarithm. */
const FLOOR = 1e-12;

/** A mel spectrogram as lines of text: time from left to right, low frequencies at the bottom, decibels below the loudest. */
export function terminalSpectrogram(waveform: Float32Array, options: TerminalSpectrogramOptions): string {
  const { sampleRate, width, height, hasColor } = options;
  const nColumns = Math.max(10, width - MARGIN);
  const nRows = hasColor ? 2 * height : height; // a half block shows two of them
  const levels = levelsOf(waveform, { sampleRate, nColumns, nRows });
  const highest = sampleRate / 2000;
  const label = (line: number) => {
    const text = line === 0 ? `${highest.toFixed(0)} kHz` : line === height - 1 ? '0' : '';
    return `${text.padStart(MARGIN - 1)} `;
  };
  const lines = Array.from({ length: height }, (_, line) => {
    const row = (k: number) => levels[nRows - 1 - k]!;
    const cells = hasColor ? coloured(row(2 * line), row(2 * line + 1)) : shaded(row(line));
    return label(line) + cells;
  });
  const seconds = `${(waveform.length / sampleRate).toFixed(1)} s`;
  const axis = `${' '.repeat(MARGIN)}0${seconds.padStart(nColumns - 1)}`;
  return `${[...lines, axis].join('\n')}\n`;
}

/** `[nRows][nColumns]`, lowest band first, each from 0 (quiet) to 1 (the loudest). */
function levelsOf(
  waveform: Float32Array,
  { sampleRate, nColumns, nRows }: { sampleRate: number; nColumns: number; nRows: number },
): number[][] {
  const padded =
    waveform.length >= FFT ? waveform : Float32Array.from({ length: FFT }, (_, i) => waveform[i] ?? 0);
  const hopLength = Math.max(1, Math.floor(padded.length / (4 * nColumns)));
  const mel = new MelSpectrogram({
    ...{ sampleRate, nFft: FFT, winLength: FFT, hopLength, nMels: nRows, power: 2 },
    ...{ fMin: 0, fMax: sampleRate / 2 },
  }).compute(padded);
  const decibels = Array.from({ length: nRows }, (_, row) =>
    Array.from({ length: nColumns }, (_, column) => {
      const from = Math.floor((column * mel.nFrames) / nColumns);
      const to = Math.max(from + 1, Math.floor(((column + 1) * mel.nFrames) / nColumns));
      let sum = 0;
      for (let i = from; i < to; i++) sum += mel.data[row * mel.nFrames + i]!;
      return 10 * Math.log10(sum / (to - from) + FLOOR);
    }),
  );
  const sorted = Float64Array.from(decibels.flat()).sort();
  const loudest = sorted.at(-1)!;
  const range = Math.min(RANGE_DB, Math.max(LEAST_RANGE_DB, loudest - quantile(sorted, QUIET)));
  return decibels.map((row) => row.map((level) => Math.max(0, 1 + (level - loudest) / range)));
}

function coloured(upper: readonly number[], lower: readonly number[]): string {
  const code = (level: number) => RAMP[Math.round(level * (RAMP.length - 1))]!;
  const cells = upper.map((level, i) => `\u001b[38;5;${code(level)};48;5;${code(lower[i]!)}m▀`);
  return `${cells.join('')}\u001b[0m`;
}

function shaded(row: readonly number[]): string {
  return row.map((level) => SHADES[Math.round(level * (SHADES.length - 1))]!).join('');
}
