import { serveFeatureThread } from '../../src/node';
import { type LineSetup, preparePoints } from './line-method';

serveFeatureThread((setup: LineSetup) => ({
  prepare: (plan: { clips: number[] }) => preparePoints(plan, setup),
  clipFeatures: async (index) => {
    if (index === 13) throw new RangeError('clip 13 cannot be read');
    return { x: Float32Array.of(index) };
  },
  close: async () => {},
}));
