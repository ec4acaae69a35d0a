import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { serializeSafetensors } from './serialize-safetensors';
import type { WeightArray } from './weights';

const CALLER = 'safetensors.serializeWeights';
const WEIGHT_TYPES = ['float32', 'float16'] as const;

/** How a file holds the weights of a network; they are float32 in memory. */
export type WeightType = (typeof WEIGHT_TYPES)[number];

type AnyArray = WeightArray<Float32Array | Float64Array>;

/** Options of {@link serializeWeights}. */
export interface SerializeWeightsOptions {
  /** Default 'float32'. 'float16' is half the size; what has one dimension (biases, BatchNorm) stays float32. */
  weightType?: WeightType | undefined;
  /** Further tensors, by other names, which stay as they are. */
  others?: ReadonlyMap<string, AnyArray> | undefined;
}

const OPTIONS: OptionNames<SerializeWeightsOptions> = { weightType: true, others: true };

/**
 * A network's weights as a safetensors file, the widest numbers first, so that all are aligned.
 * @throws RangeError for a weight that float16 cannot hold, and as `serializeSafetensors`
 */
export function serializeWeights(
  weights: ReadonlyMap<string, AnyArray>,
  options: SerializeWeightsOptions = {},
): Uint8Array {
  checkOptions(CALLER, options, OPTIONS);
  const { others = new Map<string, AnyArray>() } = options;
  const isFloat16 =
    checkOneOf(`${CALLER}: weightType`, options.weightType ?? 'float32', WEIGHT_TYPES) === 'float16';
  const isHalf = (name: string, { length }: readonly number[]) =>
    isFloat16 && length > 1 && !others.has(name);
  const sorted = [...weights].sort(
    ([a, { shape: ofA }], [b, { shape: ofB }]) => Number(isHalf(a, ofA)) - Number(isHalf(b, ofB)),
  );
  return serializeSafetensors(
    new Map([...others, ...sorted]),
    {},
    { dtype: (name, shape) => (isHalf(name, shape) ? 'F16' : undefined) },
  );
}
