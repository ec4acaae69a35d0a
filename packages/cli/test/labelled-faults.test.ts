import { thresholdByCost } from '@serial-oe/decision';
import { Decisions } from '@serial-oe/runtime/contract';
import { foundOf, withCosts } from '../src/calibrate/labelled-faults';

const scores = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const decisions = Decisions.fit(
  ['00', '02'].flatMap((machineId) => scores.map((anomalyScore) => ({ machineId, anomalyScore }))),
  { falseAlarmRate: 0.1 },
  10,
);
const faults = new Map([['00', [7.2, 20, 30]]]);

describe('withCosts', () => {
  it('sets the thresholds of machines with known faults by cost, and leaves the others', () => {
    const costs = { missCost: 1000, falseAlarmCost: 1, anomalyRate: 0.5 };
    const set = withCosts(decisions, faults, costs);
    const { threshold } = thresholdByCost(scores, faults.get('00')!, costs);
    expect(threshold).toBeCloseTo(7.1, 12); // below the fault that is hardest to find
    const own = set.machines.get('00')!;
    expect(own.threshold).toBe(threshold);
    expect(own.falseAlarmRate).toBeCloseTo(3.5 / 11, 12); // 8, 9 and 10 of ten
    expect(own.interval.lower).toBeLessThan(0.3);
    expect(own.interval.upper).toBeGreaterThan(0.3);
    expect(set.machines.get('02')).toBe(decisions.machines.get('02'));
    expect(set.clipSeconds).toBe(10);
    expect(Decisions.fromFile(set.toFile()).machines.get('00')!.threshold).toBe(threshold);
    expect(foundOf(faults, '00', own)).toEqual({ nFound: 3, nFaults: 3 });
  });

  it('raises no alarm where misses cost nothing', () => {
    const set = withCosts(decisions, faults, { missCost: 0, falseAlarmCost: 1, anomalyRate: 0.5 });
    const own = set.machines.get('00')!;
    expect(scores.some((score) => own.isAnomalous(score))).toBe(false);
    expect(own.falseAlarmRate).toBeCloseTo(0.5 / 11, 12);
    expect(foundOf(faults, '00', own)!.nFound).toBeLessThan(3);
    expect(foundOf(faults, '02', own)).toBeNull();
  });
});
