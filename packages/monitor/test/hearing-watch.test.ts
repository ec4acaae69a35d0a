import { seededRandom } from '@serial-oe/foundation';
import { type HearingEvent, HearingWatch, type HearingWatchOptions, restartDelay } from '../src/index';

const RATE = 1000;
const random = seededRandom(1, 'noise');
const noise = () => Float32Array.from({ length: RATE }, () => 0.2 * (random() - 0.5));
const flat = () => new Float32Array(RATE);
const clipped = () =>
  Float32Array.from({ length: RATE }, (_, i) => Math.max(-1, Math.min(1, 3 * Math.sin(0.05 * i))));
const absurd = () => noise().fill(1e30, 10, 12);
const infinite = () => noise().fill(Number.POSITIVE_INFINITY, 10, 12);

/** One second of each kind after the other; events as text. */
function run(seconds: readonly (() => Float32Array | null)[], options: Partial<HearingWatchOptions> = {}) {
  const watch = new HearingWatch({ sampleRate: RATE, ...options });
  const events: HearingEvent[] = [];
  seconds.forEach((sound, i) => {
    const samples = sound();
    const time = i + 1;
    events.push(...(samples === null ? watch.tick(time) : watch.hear(samples, time)));
  });
  return { watch, events, told: events.map(({ time, state }) => `${time} ${state}`) };
}
const times = (n: number, sound: () => Float32Array | null) =>
  Array<() => Float32Array | null>(n).fill(sound);
const none = () => null;

describe('HearingWatch', () => {
  it('says nothing of sound as it should be', () => {
    const { watch, events } = run(times(60, noise));
    expect(events).toEqual([]);
    expect(watch.state).toBe('HEALTHY');
  });

  it.each([
    ['flat', flat],
    ['clipped', clipped],
    ['notSound', absurd],
    ['notSound', infinite],
  ] as const)(
    'alarms of %s sound that lasts, and is healthy again after sound that lasts',
    (fault, sound) => {
      const { events, told } = run([...times(5, noise), ...times(8, sound), ...times(10, noise)]);
      expect(told).toEqual(['9 ALARMED', '14 RECOVERING', '19 HEALTHY']);
      expect(events[0]).toMatchObject({ before: 'HEALTHY', faults: [fault] });
      expect(events[2]).toMatchObject({ before: 'RECOVERING', faults: [] });
    },
  );

  it('a second of it is no fault', () => {
    expect(
      run([...times(3, noise), ...times(2, flat), ...times(3, noise), ...times(2, clipped), noise]).told,
    ).toEqual([]);
  });

  it('alarms when no samples come', () => {
    const { events, told } = run([...times(3, noise), ...times(10, none), ...times(8, noise)]);
    expect(told).toEqual(['8 ALARMED', '14 RECOVERING', '19 HEALTHY']);
    expect(events[0]!.faults).toEqual(['noAudio']);
    expect(run(times(6, none)).told).toEqual(['6 ALARMED']); // none from the start
  });

  it('alarms when samples come at another pace than their rate says', () => {
    const slow = () => noise().subarray(0, 900);
    const { events, told } = run([...times(25, noise), ...times(45, slow), ...times(50, noise)]);
    expect(told[0]).toMatch(/ALARMED/);
    expect(events[0]!.faults).toEqual(['wrongRate']);
    expect(told.at(-1)).toMatch(/HEALTHY/);
    expect(run(times(100, slow), { isLive: false }).told).toEqual([]);
  });

  it('a source that has ended is a fault at once; started again, it recovers', () => {
    const watch = new HearingWatch({ sampleRate: RATE });
    watch.hear(noise(), 1);
    expect(watch.ended(2)).toMatchObject([{ state: 'ALARMED', faults: ['sourceEnded'] }]);
    expect(watch.restarted(4)).toMatchObject([{ state: 'RECOVERING', before: 'ALARMED' }]);
    const later = [5, 6, 7, 8, 9, 10, 11].flatMap((time) => watch.hear(noise(), time));
    expect(later).toMatchObject([{ time: 10, state: 'HEALTHY' }]);
  });

  it('has failed when it was not healthy for long, restarts or not, and comes back from that too', () => {
    const watch = new HearingWatch({ sampleRate: RATE, failedAfterSeconds: 20 });
    const events = [...watch.ended(1)];
    for (let time = 2; time <= 40; time += 2) events.push(...watch.restarted(time), ...watch.ended(time + 1));
    const states = events.map(({ state }) => state);
    expect(states[0]).toBe('ALARMED');
    expect(states.at(-1)).toBe('FAILED');
    expect(states.filter((state) => state === 'FAILED')).toHaveLength(1);
    const back = [50, 51, 52, 53, 54, 55, 56].flatMap((time) => watch.hear(noise(), time));
    expect(back.map(({ state }) => state)).toEqual(['RECOVERING', 'HEALTHY']);
  });

  it('refuses options and times that mean nothing', () => {
    expect(() => new HearingWatch({ sampleRate: 0 })).toThrow(/sampleRate/);
    expect(() => new HearingWatch({ sampleRate: RATE, faultSeconds: -1 })).toThrow(/faultSeconds/);
    expect(() => new HearingWatch({ sampleRate: RATE, deaf: true } as never)).toThrow(/unknown/);
    expect(() => new HearingWatch({ sampleRate: RATE }).tick(Number.NaN)).toThrow(/time/);
  });
});

describe('restartDelay', () => {
  it('doubles up to the most', () => {
    expect([0, 1, 2, 5, 6, 1000].map((n) => restartDelay(n))).toEqual([1, 2, 4, 32, 60, 60]);
    expect(restartDelay(3, { first: 0.5, most: 3 })).toBe(3);
    expect(() => restartDelay(-1)).toThrow(/nFailures/);
  });
});
