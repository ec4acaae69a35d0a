import assert from 'node:assert/strict';
import {
  anomalyScores,
  detectorFromJSON,
  KNearestNeighbors,
  type OutlierDetector,
} from '@serial-oe/detectors';

export function use(): void {
  const detector: OutlierDetector = new KNearestNeighbors({ nNeighbors: 2 }).fit([[0], [0.1], [0.2]]);
  const [near, far] = anomalyScores(detector, [[0.1], [2.5]]);
  assert.ok(near! < far!);
  const restored = detectorFromJSON(JSON.stringify(detector));
  assert.equal(anomalyScores(restored, [[2.5]])[0], far);
}
