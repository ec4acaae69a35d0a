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
export type { WeightArray, WeightMap } from './weights';
