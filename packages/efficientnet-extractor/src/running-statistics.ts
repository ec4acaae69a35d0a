import { add, mul, type Tensor1D, tidy, type Variable } from '@tensorflow/tfjs-core';
import { BATCH_NORM_MOMENTUM } from './architecture';
import type { BatchNormStatistics } from './extractor-ops';
import type { VariableStore } from './variable-store';

/** The four tensors of one BatchNorm by its name. */
export function batchNormVariables(store: VariableStore, name: string): BatchNormStatistics {
  return {
    gamma: store.get<Tensor1D>(`${name}.weight`),
    beta: store.get<Tensor1D>(`${name}.bias`),
    mean: store.get<Tensor1D>(`${name}.running_mean`),
    variance: store.get<Tensor1D>(`${name}.running_var`),
  };
}

/**
 * Moves the running statistics towards those of one batch of n values a channel, as PyTorch's BatchNorm does: the
 * running variance takes the unbiased variance (divided by n - 1), whereas the output uses the biased one.
 */
export function updateRunningStatistics(
  store: VariableStore,
  name: string,
  { mean, variance, n }: { mean: Tensor1D; variance: Tensor1D; n: number },
): void {
  tidy(() => {
    const moveTowards = (running: Variable, value: Tensor1D, factor: number) =>
      running.assign(add(mul(running, 1 - BATCH_NORM_MOMENTUM), mul(value, BATCH_NORM_MOMENTUM * factor)));
    moveTowards(store.get(`${name}.running_mean`), mean, 1);
    moveTowards(store.get(`${name}.running_var`), variance, n / (n - 1));
  });
}
