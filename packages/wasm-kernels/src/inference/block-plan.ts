import { type ImageGeometry, nInPixels, nOutPixels, sameGeometry } from '../convolution/image-geometry';
import type { PackedBlock } from './packed-weights';

/** Rows of a product: so many that a panel of the weights is used often while it is in the cache. */
const PRODUCT_ROWS = 128;
/** What the depthwise convolution reads at a time stays in the second-level cache. */
const BAND_BYTES = 256 * 1024;

/** How one block goes over its images, for one size of images. */
export interface BlockPlan {
  geometry: ImageGeometry;
  /** Pixels of one image. */
  nIn: number;
  nOut: number;
  /** Channels between the two 1x1 convolutions. */
  nMid: number;
  /** Images whose pixels are multiplied together: several where one has few. */
  nGrouped: number;
  /** Lines of the input that are expanded at a time, counted through the images of a group. */
  nExpandedLines: number;
  /** Pixels of a line with the zeros left and right. */
  paddedWidth: number;
  /** Output lines of a band. */
  nBandLines: number;
  /** Lines of input, zeros above and below among them, under a band. */
  nPaddedLines: number;
  /** Whether the gate is folded into the weights of the last convolution, or multiplied into what they are applied to. */
  isGateFolded: boolean;
}

export function planBlock(
  { depthwise, project }: PackedBlock,
  [inHeight, inWidth]: readonly [number, number],
  nImages: number,
): BlockPlan {
  const { kernelSize, stride, nChannels: nMid } = depthwise;
  const geometry = sameGeometry([inHeight, inWidth], [kernelSize, kernelSize], stride);
  const { height, width } = geometry;
  const [nIn, nOut] = [nInPixels(geometry), nOutPixels(geometry)];
  const nGrouped = Math.min(nImages, Math.max(1, Math.floor(PRODUCT_ROWS / nIn)));
  const linesUnder = (nLines: number) => (nLines - 1) * stride + kernelSize;
  const paddedWidth = Math.max(width.padBefore + inWidth, linesUnder(width.outSize));
  const lineBytes = 4 * paddedWidth * nMid;
  let nBandLines = height.outSize;
  while (nBandLines > 4 && linesUnder(nBandLines) * lineBytes > BAND_BYTES) nBandLines--;
  return {
    geometry,
    nIn,
    nOut,
    nMid,
    nGrouped,
    nExpandedLines:
      nGrouped > 1 ? nGrouped * inHeight : Math.min(inHeight, Math.ceil(PRODUCT_ROWS / inWidth)),
    paddedWidth,
    nBandLines,
    nPaddedLines: linesUnder(nBandLines),
    isGateFolded: nOut > project.n,
  };
}
