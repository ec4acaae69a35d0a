import { type ConvolutionCase, convolutionInfo } from './convolution-case';

/** The gradients of a depthwise convolution by its definition, in float64. */
export function depthwiseGradients(
  drawn: ConvolutionCase,
  { x, filter, dy }: { x: Float32Array; filter: Float32Array; dy: Float32Array },
): { dx: Float64Array; dFilter: Float64Array } {
  const { input, kernel, nFilters, strides, dilations } = drawn;
  const [batch, height, width, nChannels] = input;
  const { outHeight, outWidth, padInfo } = convolutionInfo(drawn);
  const { top, left } = padInfo;
  const dx = new Float64Array(x.length);
  const dFilter = new Float64Array(filter.length);
  for (let b = 0; b < batch; b++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let i = 0; i < kernel[0]; i++)
          for (let j = 0; j < kernel[1]; j++) {
            const y = oy * strides[0] + i * dilations[0] - top;
            const z = ox * strides[1] + j * dilations[1] - left;
            if (y < 0 || y >= height || z < 0 || z >= width) continue;
            for (let c = 0; c < nChannels; c++)
              for (let m = 0; m < nFilters; m++) {
                const xAt = ((b * height + y) * width + z) * nChannels + c;
                const filterAt = ((i * kernel[1] + j) * nChannels + c) * nFilters + m;
                const outAt =
                  ((b * outHeight + oy) * outWidth + ox) * nChannels * nFilters + c * nFilters + m;
                dx[xAt] = dx[xAt]! + dy[outAt]! * filter[filterAt]!;
                dFilter[filterAt] = dFilter[filterAt]! + dy[outAt]! * x[xAt]!;
              }
          }
  return { dx, dFilter };
}
