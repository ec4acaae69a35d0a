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

/** Statistics of one batch, and how running ones take them up. */
export interface BatchToJoin {
  mean: Tensor1D;
  /** Biased. */
  variance: Tensor1D;
  /** Values a channel. */
  n: number;
  /** Weight of the batch, default PyTorch's 0.1. */
  momentum?: number;
  /** Whether the running variance takes the variance divided by n - 1, default true. */
  isUnbiased?: boolean;
}

/**
 * Moves the running statistics towards those of one batch of n values a channel, by default as PyTorch's BatchNorm does:
 * the running variance takes the unbiased variance (divided by n - 1), whereas the output uses the biased one.
 */
export function updateRunningStatistics(
  store: VariableStore,
  name: string,
  { mean, variance, n, momentum = BATCH_NORM_MOMENTUM, isUnbiased = true }: BatchToJoin,
): void {
  tidy(() => {
    const moveTowards = (running: Variable, value: Tensor1D, factor: number) =>
      running.assign(add(mul(running, 1 - momentum), mul(value, momentum * factor)));
    moveTowards(store.get(`${name}.running_mean`), mean, 1);
    moveTowards(store.get(`${name}.running_var`), variance, isUnbiased ? n / (n - 1) : 1);
  });
}
