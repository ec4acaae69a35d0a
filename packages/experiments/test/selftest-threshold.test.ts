import { predictionThreshold, thresholdFromNormals } from '@serial-oe/evaluation';
import { selftestThreshold } from '../src/selftest/selftest-threshold';

const SCORES = Array.from({ length: 40 }, (_, i) => Math.sin(i) + 0.01 * i);
const ASKED = { falseAlarmRate: undefined, clipsADay: undefined, seconds: 10, own: 9 };

describe('the threshold of a selftest', () => {
  it('is for one false alarm a day of clips that follow each other, extrapolated from few', () => {
    const { threshold, calibration } = selftestThreshold(SCORES, ASKED);
    expect(calibration).toEqual({
      ...{ falseAlarmRate: 1 / 8640, clipsADay: 8640, nClips: 40, method: 'extrapolated' },
    });
    expect(threshold).toBe(predictionThreshold(SCORES, 1 / 8640));
  });

  it('is counted where the clips can show the rate', () => {
    const often = selftestThreshold(SCORES, { ...ASKED, falseAlarmRate: 0.05 });
    expect(often.calibration).toMatchObject({ falseAlarmRate: 0.05, clipsADay: 8640, method: 'counted' });
    expect(often.threshold).toBe(thresholdFromNormals(SCORES, 0.05));
    const seldom = selftestThreshold(SCORES, { ...ASKED, clipsADay: 24 });
    expect(seldom.calibration).toMatchObject({ falseAlarmRate: 1 / 24, clipsADay: 24, method: 'counted' });
    expect(selftestThreshold(SCORES, { ...ASKED, falseAlarmRate: 0.01 }).calibration.method).toBe(
      'extrapolated',
    );
  });

  it.each([[[]], [[1, 2]], [[3, 3, 3, 3]]])('is the system`s own where the scores are %j', (scores) => {
    const { threshold, calibration } = selftestThreshold(scores, ASKED);
    expect([threshold, calibration.method, calibration.nClips]).toEqual([9, 'own', scores.length]);
  });
});
