/** One tensor on the host, row-major. */
export interface WeightArray<Data extends Float32Array | Float64Array = Float32Array> {
  shape: number[];
  data: Data;
}

export type WeightMap = Map<string, WeightArray>;
