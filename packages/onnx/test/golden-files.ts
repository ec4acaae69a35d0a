import { exportOnnx, type OnnxWeightType } from '../src/index';
import { tinyFeatures, tinyNetwork } from './tiny-network';

/** What tools/reference/onnx_file.py checks. */
export const GOLDEN_BATCH = 3;
const SHAPE = [11, 6] as const;

export const goldenNetwork = () => tinyNetwork(SHAPE, { kernelSize: 5 });
export const goldenFeatures = () => tinyFeatures(GOLDEN_BATCH, SHAPE);
export const goldenFile = (weights: OnnxWeightType) =>
  exportOnnx(goldenNetwork(), { weights, metadata: { machineType: 'Ventilátor' } });
