/** The functions of assembly/index.ts; addresses and strides in bytes. */
export interface Kernels {
  windowAndTransform4: WindowAndTransform;
  windowAndTransform2: WindowAndTransform;
  combine4(...addresses: [z: number, end: number, length: number, factors: number]): void;
  powers: SplitSpectrum;
  magnitudes: SplitSpectrum;
  sumBands(
    ...addresses: [
      spectrum: number,
      firstBins: number,
      rise: number,
      scales: number,
      nMels: number,
      out: number,
      stride: number,
    ]
  ): void;
}

type WindowAndTransform = (
  ...addresses: [
    frame: number,
    nextFrame: number,
    window: number,
    offsets: number,
    nTransforms: number,
    out: number,
  ]
) => void;
type SplitSpectrum = (...addresses: [z: number, half: number, factors: number, out: number]) => void;
