import type { Differentiable } from '@serial-oe/efficientnet-extractor/layers';
import {
  concat,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';

/** The same values in another shape. */
export function reshaped<T extends Tensor>(differentiable: Differentiable, x: Tensor, shape: number[]): T {
  return differentiable<T>(
    [x],
    () => ({ value: reshape(x, shape) as unknown as T, saved: [] }),
    (dy) => [reshape(dy, x.shape)],
  );
}

/** Images `[batch, h, w, channels]` as vectors `[batch, h w channels]`. */
export function flattened(differentiable: Differentiable, x: Tensor4D): Tensor2D {
  return reshaped(differentiable, x, [x.shape[0], x.size / x.shape[0]]);
}

/** Courses `[batch, 1, nFrames, channels]` as images of one channel `[batch, channels, nFrames, 1]`. */
export function coursesAsImage(differentiable: Differentiable, x: Tensor4D): Tensor4D {
  const turned = (y: Tensor4D) => transpose(y, [0, 3, 2, 1]);
  return differentiable<Tensor4D>(
    [x],
    () => ({ value: turned(x), saved: [] }),
    (dy) => [turned(dy)],
  );
}

/** Images of one size side by side as channels of one. */
export function channelsSideBySide(differentiable: Differentiable, images: readonly Tensor4D[]): Tensor4D {
  if (images.every(({ shape }) => shape[3] === 1)) return planesSideBySide(differentiable, images);
  return differentiable<Tensor4D>(
    images,
    () => ({ value: concat([...images], 3), saved: [] }),
    (dy) => {
      let first = 0;
      return images.map(({ shape }) => {
        const part = slice(dy, [0, 0, 0, first], [shape[0], shape[1], shape[2], shape[3]]);
        first += shape[3];
        return part;
      });
    },
  );
}

/**
 * Images of one channel each. On WASM tfjs joins and cuts the last axis value by value; whole images one after the other and a
 * transposition are quicker.
 */
function planesSideBySide(differentiable: Differentiable, images: readonly Tensor4D[]): Tensor4D {
  const [batch, height, width] = images[0]!.shape;
  const planeShape: [number, number, number] = [batch, 1, height * width];
  return differentiable<Tensor4D>(
    images,
    () => {
      const planes = concat(
        images.map((image) => reshape(image, planeShape)),
        1,
      );
      return {
        value: reshape(transpose(planes, [0, 2, 1]), [batch, height, width, images.length]),
        saved: [],
      };
    },
    (dy) => {
      const planes = transpose(reshape(dy, [batch, height * width, images.length]), [0, 2, 1]);
      return images.map(({ shape }, i) => reshape(slice(planes, [0, i, 0], planeShape), shape));
    },
  );
}

/** The reverse, of an input, whose gradient nobody needs: an image of one channel as courses. */
export function imageAsCourses(x: Tensor4D): Tensor4D {
  return transpose(x, [0, 3, 2, 1]);
}
