/**
 * 'htk': mel = 2595 log10(1 + f / 700) (O'Shaughnessy 1987; HTK).
 * 'slaney': linear below 1000 Hz, logarithmic above (Slaney's Auditory Toolbox 1998; librosa's default).
 * 'linear': no mel at all, bands of equal width in Hz (torchaudio's `linear_fbanks`).
 */
export type MelScale = 'htk' | 'slaney' | 'linear';

export const MEL_SCALES: readonly MelScale[] = ['htk', 'slaney', 'linear'];

/** Slaney's scale: 15 mel at 1000 Hz, the linear part 200/3 Hz a mel, the upper part a factor of 6.4 in 27 mel. */
const SLANEY_HZ_PER_MEL = 200 / 3;
const SLANEY_BREAK_HZ = 1000;
const SLANEY_BREAK_MEL = SLANEY_BREAK_HZ / SLANEY_HZ_PER_MEL;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

/** Hz to mel; the scale 'linear' leaves it in Hz. See {@link MelScale}. */
export function hzToMel(hz: number, scale: MelScale): number {
  if (scale === 'linear') return hz;
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  return hz < SLANEY_BREAK_HZ
    ? hz / SLANEY_HZ_PER_MEL
    : SLANEY_BREAK_MEL + Math.log(hz / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP;
}

/** The reverse of {@link hzToMel}. */
export function melToHz(mel: number, scale: MelScale): number {
  if (scale === 'linear') return mel;
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < SLANEY_BREAK_MEL
    ? mel * SLANEY_HZ_PER_MEL
    : SLANEY_BREAK_HZ * Math.exp((mel - SLANEY_BREAK_MEL) * SLANEY_LOG_STEP);
}
