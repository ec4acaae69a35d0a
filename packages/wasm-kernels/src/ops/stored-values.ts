import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { evaluateRows } from '../rows/recipe';
import { sizeOf } from '../runtime/wasm-runtime';
import type { OpsContext } from './ops-context';

/** The values of a tensor with a reference for the caller: its own data, or what they are computed to where they are deferred. */
export function storedValues({ runtime, deferred }: OpsContext, x: Tensor): TensorInfo {
  const recipe = deferred.find(x)?.recipe;
  if (!recipe) return runtime.hold<TensorInfo>({ dataId: x.dataId, shape: x.shape, dtype: x.dtype });
  const values = runtime.makeData(x.shape);
  const count = sizeOf(recipe.x.shape) / recipe.x.shape[3]!;
  evaluateRows(runtime, recipe, { first: 0, count, target: runtime.addressOf(values) });
  return values;
}
