import type { MelSpectrogramResult } from '@serial-oe/audio-features';

const SHADES = ' .:-=+*#%@';
/** Below the loudest value, decibels, is blank. */
const RANGE_DB = 60;

/** A spectrogram in decibels as text, high bands at the top; each character is the loudest value of what it covers. */
export function textPicture(
  { data, nMels, nFrames }: MelSpectrogramResult,
  { nRows, nColumns }: { nRows: number; nColumns: number },
): string {
  const loudest = data.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const shade = (value: number) => {
    const share = 1 - (loudest - value) / RANGE_DB;
    return SHADES[Math.max(0, Math.min(SHADES.length - 1, Math.floor(share * SHADES.length)))]!;
  };
  const rows = Array.from({ length: nRows }, (_, row) =>
    Array.from({ length: nColumns }, (_, column) => {
      let most = Number.NEGATIVE_INFINITY;
      for (let band = part(row, nRows, nMels); band < part(row + 1, nRows, nMels); band++) {
        for (let t = part(column, nColumns, nFrames); t < part(column + 1, nColumns, nFrames); t++)
          most = Math.max(most, data[band * nFrames + t]!);
      }
      return shade(most);
    }).join(''),
  );
  return rows.reverse().join('\n');
}

/** Where part `i` of `n` begins. */
function part(i: number, n: number, length: number): number {
  return Math.floor((i * length) / n);
}
