/** Sizes of a 2-d convolution of one image, ten int32 in this order. Images are `[height, width, channels]`. */
@unmanaged
export class Geometry {
  inHeight: i32;
  inWidth: i32;
  outHeight: i32;
  outWidth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  /** Zeros above the input and to its left. */
  padTop: i32;
  padLeft: i32;
}
