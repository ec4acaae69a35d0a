export {
  type ParseSafetensorsOptions,
  parseSafetensors,
  SafetensorsError,
  SafetensorsMap,
  type SafetensorsProblem,
  type SafetensorsTensor,
} from './parse-safetensors';
export type { SafetensorsDtype, WritableDtype } from './safetensors-dtype';
export { type SerializeSafetensorsOptions, serializeSafetensors } from './serialize-safetensors';
export { type SerializeWeightsOptions, serializeWeights, type WeightType } from './serialize-weights';
export type { WeightArray, WeightMap } from './weights';
