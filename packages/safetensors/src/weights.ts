/** One tensor on the host, row-major. */
export interface WeightArray {
  shape: number[];
  data: Float32Array;
}

export type WeightMap = Map<string, WeightArray>;
