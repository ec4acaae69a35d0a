import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Windows } from '../convolution/windows';
import type { Input } from './input';

/** What a convolution keeps for its gradients. */
export interface SavedConvolution {
  input: Input;
  windows: Windows;
  savedFilter: TensorInfo;
}
