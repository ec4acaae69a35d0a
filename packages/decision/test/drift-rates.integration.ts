import { drawNormal, seededRandom } from '@serial-oe/foundation';
import { DriftMonitor, type DriftSample } from '../src/index';

const random = seededRandom(6);

const VALUES = {
  normal: () => drawNormal(random),
  'heavy and skew': () => Math.exp(drawNormal(random)),
};

function clip(draw: () => number, level = 0): DriftSample {
  return { score: draw(), levelDb: level + draw(), bandLevelsDb: [draw(), draw(), draw()] };
}

// While nothing moves the time to a false alarm is about exponential: 1 - exp(-1) of runs of one interval would have one. References
// are drawn too, so that their errors count; 0.63 more three standard errors of 50 runs is 0.83.
it.each(['normal', 'heavy and skew'] as const)('raises no more false alarms than stated: %s', (name) => {
  const falseAlarmInterval = 2000;
  const nRuns = 50;
  let nAlarmed = 0;
  for (let run = 0; run < nRuns; run++) {
    const reference = Array.from({ length: 100 }, () => clip(VALUES[name]));
    const monitor = new DriftMonitor(reference, { falseAlarmInterval });
    let time = 0;
    while (time < falseAlarmInterval && monitor.report.moved.length === 0) {
      monitor.update({ time, ...clip(VALUES[name]) });
      time++;
    }
    if (time < falseAlarmInterval) nAlarmed++;
  }
  expect(nAlarmed / nRuns).toBeLessThan(0.63);
  expect(nAlarmed).toBeGreaterThan(0); // a monitor that never speaks would pass else
});

it('is quiet over 10,000 updates by default, and finds one deviation within 150', () => {
  const nRuns = 12;
  let nAlarmed = 0;
  for (let run = 0; run < nRuns; run++) {
    const monitor = new DriftMonitor(Array.from({ length: 100 }, () => clip(VALUES.normal)));
    let time = 0;
    while (time < 10_000 && monitor.report.moved.length === 0) {
      monitor.update({ time, ...clip(VALUES.normal) });
      time++;
    }
    if (time < 10_000) nAlarmed++;
  }
  expect(nAlarmed).toBeLessThanOrEqual(4); // of 12 runs 1.14 are expected at most; 5 or more have a probability of 0.3 %

  const delays = Array.from({ length: 30 }, () => {
    const monitor = new DriftMonitor(Array.from({ length: 100 }, () => clip(VALUES.normal)));
    for (let time = 0; time < 100; time++) monitor.update({ time, ...clip(VALUES.normal) });
    let delay = 0;
    while (delay < 1000 && !monitor.report.moved.includes('level')) {
      monitor.update({ time: 100 + delay, ...clip(VALUES.normal, 1) });
      delay++;
    }
    return delay;
  }).sort((a, b) => a - b);
  expect(delays[15]).toBeLessThan(60);
  expect(delays[27]).toBeLessThan(150); // nine of ten
});
