import {
  engine,
  type KernelBackend,
  type Tensor,
  type Tensor4D,
  type TensorInfo,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Runs tfjs ops as the body of a kernel. The engine records nothing on the gradient tape while a kernel runs, so the
 * ops inside are invisible to it.
 *
 * @param backend The backend that runs the kernel.
 * @param inputs The kernel's two inputs, of rank 4. They get tensors of their own for the duration of the call.
 * @param compute Makes the result, of which everything but the data is given up: the caller owns one reference to it.
 */
export function composeKernel(
  backend: KernelBackend,
  [first, second]: readonly [TensorInfo, TensorInfo],
  compute: (first: Tensor4D, second: Tensor4D) => Tensor,
): TensorInfo {
  const result = tidy(() => compute(shareAsTensor(backend, first), shareAsTensor(backend, second)));
  backend.incRef(result.dataId); // outlives the tensor
  result.dispose();
  return { dataId: result.dataId, shape: result.shape, dtype: result.dtype };
}

function shareAsTensor(backend: KernelBackend, { dataId, shape, dtype }: TensorInfo): Tensor4D {
  backend.incRef(dataId);
  return engine().makeTensorFromTensorInfo({ dataId, shape, dtype }, backend) as Tensor4D;
}
