/** What may be done to an image of frames and mel bands, the first of all nothing. */
export const AUGMENTATIONS = ['none', 'reversed', 'up', 'down'] as const;

/**
 * Changes an image `[nFrames, nMels]` in place.
 * @param nBands that 'up' and 'down' move it by; the band at the edge is repeated
 */
export function augmentSpectrogram(
  image: Float32Array,
  augmentation: (typeof AUGMENTATIONS)[number],
  { nFrames, nMels, nBands }: { nFrames: number; nMels: number; nBands: number },
): void {
  if (augmentation === 'none') return;
  const before = image.slice();
  const shift = augmentation === 'up' ? -nBands : augmentation === 'down' ? nBands : 0;
  for (let t = 0; t < nFrames; t++) {
    const from = augmentation === 'reversed' ? nFrames - 1 - t : t;
    for (let band = 0; band < nMels; band++) {
      const source = Math.min(nMels - 1, Math.max(0, band + shift));
      image[t * nMels + band] = before[from * nMels + source]!;
    }
  }
}
