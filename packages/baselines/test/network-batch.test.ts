import { type NetworkBatch, splitBatch } from '../src/network-system/network-batch';
import { stepsPerEpoch } from '../src/network-system/plan-epoch';
import { windowStarts } from '../src/network-system/windows';

const batch: NetworkBatch = {
  nSamples: 5,
  inputs: [
    Float32Array.from({ length: 10 }, (_, i) => i),
    Float32Array.from({ length: 5 }, (_, i) => 100 + i),
  ],
  labels: Int32Array.of(0, 1, 2, 3, 4),
  mixing: { lambda: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5), partners: Int32Array.of(4, 3, 2, 1, 0) },
  augmentations: Uint8Array.of(0, 1, 0, 1, 0),
  stage: 1,
};

test('a batch is cut into equal parts that keep what belongs together', () => {
  expect(splitBatch(batch, 1)).toEqual([batch]);
  const parts = splitBatch(batch, 2);
  expect(parts.map(({ nSamples }) => nSamples)).toEqual([2, 2]);
  expect(parts[1]).toEqual({
    ...{ nSamples: 2, stage: 1, labels: Int32Array.of(2, 3), augmentations: Uint8Array.of(0, 1) },
    inputs: [Float32Array.of(4, 5, 6, 7), Float32Array.of(102, 103)],
    mixing: { lambda: Float32Array.of(0.3, 0.4).map(Math.fround), partners: Int32Array.of(2, 1) },
  });
});

test('a last batch of one sample is left out', () => {
  const size = { size: 8, microBatchSize: 0 };
  const steps = (nTrained: number, windowsPerClip = 1) =>
    stepsPerEpoch({ kind: 'shuffled', windowsPerClip }, nTrained, size);
  expect([steps(3), steps(8), steps(9), steps(10), steps(5, 2)]).toEqual([1, 1, 1, 2, 2]);
  expect(stepsPerEpoch({ kind: 'balanced', nSteps: 7 }, 3, size)).toBe(7);
});

test('windows start where their rule says', () => {
  const plan = { nFrames: 10, nSamples: 1, hop: 5, nWindows: null, coversEnd: true };
  expect(windowStarts({ nFrames: 10 }, plan)).toEqual([0]);
  expect(windowStarts({ nFrames: 23 }, plan)).toEqual([0, 4, 9, 13]);
  expect(windowStarts({ nFrames: 23 }, { ...plan, coversEnd: false })).toEqual([0, 5, 10]);
  expect(windowStarts({ nFrames: 23 }, { ...plan, hop: null, nWindows: 3 })).toEqual([0, 7, 13]);
  expect(windowStarts({ nFrames: 11 }, { ...plan, hop: null, nWindows: 10 })).toEqual([0, 1]);
});
