import { show } from '@serial-oe/foundation';
import { Tensor, type Tensor4D } from '@tensorflow/tfjs-core';

const PACKAGE = 'efficientnet-extractor';

/** Throws unless x is a float32 tensor `[batch, nMels, nFrames, 1]` with the given size and at least `minBatch` rows. */
export function checkInput(
  caller: string,
  x: unknown,
  { inputShape, minBatch }: { inputShape: readonly [number, number]; minBatch: number },
): asserts x is Tensor4D {
  if (!(x instanceof Tensor)) {
    throw new TypeError(
      `${PACKAGE}.${caller}: x must be a tf.Tensor, got ${show(x)}. Wrap the values in tf.tensor4d.`,
    );
  }
  const [nMels, nFrames] = inputShape;
  const isRightShape =
    x.rank === 4 && x.shape[1] === nMels && x.shape[2] === nFrames && x.shape[3] === 1 && x.shape[0]! > 0;
  if (!isRightShape) {
    throw new RangeError(
      `${PACKAGE}.${caller}: x must have the shape [batch, ${nMels}, ${nFrames}, 1], got [${x.shape.join(', ')}]. ` +
        'The size of the spectrogram is set by createExtractor({ inputShape }).',
    );
  }
  if (x.dtype !== 'float32') {
    throw new TypeError(
      `${PACKAGE}.${caller}: x must be float32, got ${x.dtype}. Use tf.cast(x, 'float32').`,
    );
  }
  if (x.shape[0]! < minBatch) {
    throw new RangeError(
      `${PACKAGE}.${caller}: the batch must hold at least ${minBatch} samples in training, got ${x.shape[0]}. ` +
        'BatchNorm has no batch statistics of a single sample.',
    );
  }
}
