import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import type { DeferredBackend } from '../rows/deferred-backend';
import type { WasmRuntime } from '../runtime/wasm-runtime';
import type { Differentiable } from './differentiable';

/** Statistics of a batch, float32. */
export interface BatchStatistics {
  mean: Float32Array;
  /** Biased. */
  variance: Float32Array;
}

/** What the operations of one set share. */
export interface OpsContext {
  readonly runtime: WasmRuntime;
  readonly deferred: DeferredBackend;
  readonly differentiable: Differentiable;
  /** Of tensors whose operation has gathered them while it wrote the tensor, for a BatchNorm that may follow. */
  readonly batchStatistics: WeakMap<DataId, BatchStatistics>;
  /**
   * Of gradients that are those of the normalised values already (multiplied by the derivative of the activation):
   * for each channel the float64 sum of dz, then for each that of dz (x - mean), then that of the gradient of PReLU's slope.
   */
  readonly normGradientSums: WeakMap<Tensor, Float64Array>;
}
