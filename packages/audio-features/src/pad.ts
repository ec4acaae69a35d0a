import type { Waveform } from './waveform';

/** How the ends of a waveform are continued, by torch's names. */
export type PadMode = 'reflect' | 'constant' | 'replicate' | 'circular';

export const PAD_MODES: readonly PadMode[] = ['reflect', 'constant', 'replicate', 'circular'];

/**
 * Puts `nPad` samples before and after a waveform: mirrored about the end sample, which is not repeated (`reflect`),
 * zeros (`constant`), the end sample (`replicate`), or the other end (`circular`).
 *
 * @param where opens the message, `<package>.<function>: <parameter>`.
 * @returns `[nSamples + 2 nPad]`.
 * @throws RangeError for a waveform too short for the mode: `reflect` needs nPad + 1 samples, `circular` nPad.
 */
export function pad(
  where: string,
  waveform: Waveform,
  { nPad, padMode }: { nPad: number; padMode: PadMode },
): Waveform {
  const nNeeded = { reflect: nPad + 1, circular: nPad, constant: 1, replicate: 1 }[padMode];
  const length = waveform.length;
  if (length < nNeeded) {
    throw new RangeError(
      `${where} must have at least ${nNeeded} samples for padMode '${padMode}', got ${length}. ` +
        "Use a shorter nFft, a longer clip or padMode 'constant'.",
    );
  }
  const padded = new Float32Array(length + 2 * nPad);
  padded.set(waveform, nPad);
  if (padMode === 'constant') return padded;
  const end = nPad + length - 1;
  if (padMode === 'reflect') {
    for (let i = 1; i <= nPad; i++) padded[nPad - i] = waveform[i]!;
    for (let i = 1; i <= nPad; i++) padded[end + i] = waveform[length - 1 - i]!;
  } else if (padMode === 'replicate') {
    padded.fill(waveform[0]!, 0, nPad).fill(waveform[length - 1]!, end + 1);
  } else {
    padded.set(waveform.subarray(length - nPad));
    padded.set(waveform.subarray(0, nPad), end + 1);
  }
  return padded;
}
