import type { KernelBackend, KernelFunc } from '@tensorflow/tfjs-core';

/**
 * An `Identity` kernel whose output shares the data of its input: the backend counts the references and frees the
 * data with the last one, in whatever order the tensors are disposed (its `Reshape` does the same).
 *
 * @param copy The kernel that this one replaces. It goes on serving string tensors, whose bytes tfjs counts by tensor
 *   in a way that sharing would upset.
 */
export function sharedIdentity(copy: KernelFunc): KernelFunc {
  return (params) => {
    const x = params.inputs.x!;
    if (x.dtype === 'string') return copy(params);
    (params.backend as KernelBackend).incRef(x.dataId); // also moves the data here if another backend holds it
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  };
}
