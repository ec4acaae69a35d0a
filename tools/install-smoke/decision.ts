import assert from 'node:assert/strict';
import {
  Alarm,
  calibrate,
  DriftMonitor,
  type Fusion,
  fuseScores,
  NormalThreshold,
  severity,
  thresholdByCost,
  thresholdFromNormals,
} from '@serial-oe/decision';

export function use(): void {
  const fusion: Fusion = 'max';
  assert.equal(fuseScores([calibrate([1, 2, 3]).zScore(4), 0], fusion), 2);
  const set = thresholdFromNormals([1, 2, 3, 4], { falseAlarmRate: 0.2, tail: 'empirical' });
  assert.equal(NormalThreshold.fromJSON(JSON.stringify(set)).threshold, 4);
  const costs = { falseAlarmCost: 1, missCost: 1, anomalyRate: 0.5 };
  assert.equal(severity(4, { median: 2, threshold: thresholdByCost([1, 2], [6], costs).threshold }), 50);
  const [event] = new Alarm({ threshold: 3 }).update({ time: 0, score: 4 });
  assert.equal(event?.type, 'active');
  const monitor = new DriftMonitor(Array.from({ length: 20 }, (_, score) => ({ score })));
  assert.deepEqual(monitor.update({ time: 0, score: 9 }).moved, []);
}
