import { Alarm, type AlarmEvent, type AlarmOptions } from '../src/index';

const types = (events: AlarmEvent[]) => events.map(({ type }) => type);

/** Feeds scores a second apart and names what happened when: `active@3`. */
function play(alarm: Alarm, scores: readonly (number | null)[], from = 0): string[] {
  return scores.flatMap((score, i) =>
    alarm.update({ time: from + i, score }).map(({ type, time }) => `${type}@${time}`),
  );
}

describe('Alarm', () => {
  it('begins inactive, acknowledged and without data', () => {
    expect(new Alarm({ threshold: 3 }).state).toEqual({
      active: false,
      acknowledged: true,
      shelving: 'unshelved',
      unshelveTime: null,
      suppressed: false,
      suppressedOrShelved: false,
      retain: false,
      quality: 'bad',
      score: null,
      activeTime: null,
      inactiveTime: null,
      reAlarmRepeatCount: 0,
      comment: null,
    });
  });

  it('is active above the threshold, not at it', () => {
    const alarm = new Alarm({ threshold: 3 });
    expect(play(alarm, [2, 3, 3.001, 9, 3, 2])).toEqual(['active@2', 'inactive@4']);
    expect(alarm.state).toMatchObject({ active: false, acknowledged: false, retain: true, score: 2 });
    expect(alarm.state).toMatchObject({ activeTime: 2, inactiveTime: 4, quality: 'good' });
  });

  it('waits onDelay, anew after each score that is not above', () => {
    const alarm = new Alarm({ threshold: 3, onDelay: 2 });
    expect(play(alarm, [4, 4, 3, 4, 4, 4, 4])).toEqual(['active@5']);
  });

  it('goes only below the deadband, and for offDelay', () => {
    const alarm = new Alarm({ threshold: 3, deadband: 1, offDelay: 2 });
    expect(play(alarm, [4, 2.5, 2.5, 2.5, 2.5])).toEqual(['active@0']);
    expect(play(alarm, [2, 2, 2.1, 2, 2, 2], 5)).toEqual(['inactive@10']);
    expect(play(alarm, [3, 3.1], 11)).toEqual(['active@12']); // coming is at the threshold, whatever the deadband
  });

  it('takes no news for neither good nor bad', () => {
    const alarm = new Alarm({ threshold: 3, onDelay: 2, offDelay: 2 });
    expect(play(alarm, [4, 4, null])).toEqual([]);
    expect(alarm.state).toMatchObject({ quality: 'bad', active: false, score: 4 });
    expect(play(alarm, [4, 4, 4], 3)).toEqual(['active@5']);
    expect(play(alarm, [1, 1, null, null, null, 1, 1, 1], 6)).toEqual(['inactive@13']);
  });

  it('is acknowledged until it comes again', () => {
    const alarm = new Alarm({ threshold: 3 });
    expect(alarm.acknowledge({ time: 0 })).toEqual([]);
    play(alarm, [4]);
    const [event] = alarm.acknowledge({ time: 0.5, comment: 'bearing ordered' });
    expect(event).toMatchObject({ type: 'acknowledged', time: 0.5 });
    expect(event!.state).toMatchObject({
      active: true,
      acknowledged: true,
      retain: true,
      comment: 'bearing ordered',
    });
    expect(types(alarm.acknowledge({ time: 0.6 }))).toEqual([]);
    play(alarm, [1], 1);
    expect(alarm.state).toMatchObject({ acknowledged: true, retain: false });
    play(alarm, [5], 2);
    expect(alarm.state).toMatchObject({ acknowledged: false, comment: 'bearing ordered' });
  });

  it('is raised again where it stays, unacknowledged, and counts', () => {
    const alarm = new Alarm({ threshold: 3, reAlarmTime: 3 });
    expect(play(alarm, [4, 4])).toEqual(['active@0']);
    alarm.acknowledge({ time: 1 });
    expect(play(alarm, [4, 4, 4, 4, null], 2)).toEqual(['reAlarmed@3', 'reAlarmed@6']);
    expect(alarm.state).toMatchObject({ acknowledged: false, reAlarmRepeatCount: 2, activeTime: 6 });
    expect(play(alarm, [4], 100)).toEqual(['reAlarmed@100']); // once, after a gap of many
    expect(play(alarm, [1], 104)).toEqual(['inactive@104']);
    expect(alarm.state.reAlarmRepeatCount).toBe(0);
    expect(play(alarm, [1], 200)).toEqual([]);
  });

  it('is shelved for a time, and keeps its states', () => {
    const alarm = new Alarm({ threshold: 3, maxTimeShelved: 100 });
    const [shelved] = alarm.shelve({ time: 0, until: 5 });
    expect(shelved!.state).toMatchObject({
      shelving: 'timedShelved',
      unshelveTime: 5,
      suppressedOrShelved: true,
    });
    const [active] = alarm.update({ time: 1, score: 9 });
    expect(active).toMatchObject({ type: 'active', state: { suppressedOrShelved: true } });
    expect(play(alarm, [9, 9], 4)).toEqual(['unshelved@5']);
    expect(alarm.state).toMatchObject({ active: true, suppressedOrShelved: false, unshelveTime: null });
    alarm.shelve({ time: 6, until: 50 });
    expect(types(alarm.unshelve({ time: 7 }))).toEqual(['unshelved']);
    expect(alarm.unshelve({ time: 8 })).toEqual([]);
    alarm.shelve({ time: 9, until: 20 });
    expect(types(alarm.acknowledge({ time: 30 }))).toEqual(['unshelved', 'acknowledged']); // time goes on with commands too
  });

  it('is shelved for one shot: until it goes, or for maxTimeShelved', () => {
    const alarm = new Alarm({ threshold: 3 });
    alarm.shelve({ time: 0 });
    expect(alarm.state).toMatchObject({ shelving: 'oneShotShelved', unshelveTime: null });
    expect(play(alarm, [1, 4, 4, 1, 4], 1)).toEqual(['active@2', 'inactive@4', 'unshelved@4', 'active@5']);
    const limited = new Alarm({ threshold: 3, maxTimeShelved: 10 });
    limited.shelve({ time: 0 });
    expect(play(limited, [4, 4], 9)).toEqual(['active@9', 'unshelved@10']);
  });

  it('is suppressed by the system beside that', () => {
    const alarm = new Alarm({ threshold: 3 });
    expect(types(alarm.suppress({ time: 0, comment: 'machine off' }))).toEqual(['suppressed']);
    expect(alarm.suppress({ time: 0 })).toEqual([]);
    alarm.shelve({ time: 0, until: 2 });
    alarm.update({ time: 3, score: 1 });
    expect(alarm.state).toMatchObject({ shelving: 'unshelved', suppressedOrShelved: true });
    expect(types(alarm.unsuppress({ time: 4 }))).toEqual(['unsuppressed']);
    expect(alarm.unsuppress({ time: 4 })).toEqual([]);
    expect(alarm.state).toMatchObject({ suppressedOrShelved: false, comment: 'machine off' });
  });

  it('goes on after a restart as if there had been none', () => {
    const options: AlarmOptions = { threshold: 3, onDelay: 2, offDelay: 1, deadband: 0.5, reAlarmTime: 4 };
    const scores = [1, 4, 4, 4, 4, 2.7, 4, 4, 4, 4, 2, null, 2, 2, 2, 5, 5, 5, 5, 1];
    const whole = play(new Alarm(options), scores);
    expect(whole).toContain('reAlarmed@7');
    let alarm = new Alarm(options);
    const pieces = scores.flatMap((score, i) => {
      alarm = Alarm.fromJSON(JSON.stringify(alarm));
      return play(alarm, [score], i);
    });
    expect(pieces).toEqual(whole);
    alarm.shelve({ time: 50, until: 60, comment: 'x' });
    expect(Alarm.fromJSON(alarm.toJSON()).state).toEqual(alarm.state);
    const { settings } = Alarm.fromJSON(alarm.toJSON(), { threshold: 7, reAlarmTime: undefined });
    expect(settings).toEqual({ ...alarm.settings, threshold: 7, reAlarmTime: null });
  });

  it.each([
    [{}, /threshold must/],
    [{ threshold: Number.NaN }, /threshold must be a finite number/],
    [{ threshold: 1, onDelay: -1 }, /onDelay must/],
    [{ threshold: 1, deadband: Infinity }, /deadband must/],
    [{ threshold: 1, reAlarmTime: 0 }, /reAlarmTime must be a finite number above 0/],
    [{ threshold: 1, maxTimeShelved: 'long' }, /maxTimeShelved must/],
    [{ threshold: 1, ondelay: 3 }, /Did you mean 'onDelay'/],
  ])('refuses options %j', (options, message) => {
    expect(() => new Alarm(options as unknown as AlarmOptions)).toThrow(message);
  });

  it('refuses what would corrupt its state, and stays as it was', () => {
    const alarm = new Alarm({ threshold: 3, maxTimeShelved: 10 });
    play(alarm, [1, 4], 10);
    const before = JSON.stringify(alarm);
    expect(() => alarm.update({ time: 10.9, score: 1 })).toThrow(
      /time must not be before the last one, 11, got 10.9/,
    );
    expect(() => alarm.update({ time: 12, score: Number.NaN })).toThrow(
      /score must be a finite number, got NaN/,
    );
    expect(() => alarm.update({ time: Number.NaN, score: 1 })).toThrow(/time must/);
    expect(() => alarm.update({ time: 12 } as never)).toThrow(/score must/);
    expect(() => alarm.acknowledge({ time: 3 })).toThrow(/Alarm.acknowledge: time must not be before/);
    expect(() => alarm.acknowledge({ time: 12, comment: 3 } as never)).toThrow(/comment must be a string/);
    expect(() => alarm.shelve({ time: 12, until: 12 })).toThrow(/until must be a finite number above 12/);
    expect(() => alarm.shelve({ time: 12, until: 23 })).toThrow(/at most maxTimeShelved \(22\), got 23/);
    expect(JSON.stringify(alarm)).toBe(before);
    expect(types(alarm.update({ time: 11, score: 1 }))).toEqual(['inactive']); // the same time again is none before
  });

  it.each([
    [{ memory: null }, /memory must be an object/],
    [{ settings: 3 }, /settings must be an object/],
    [{ settings: { threshold: 'x' } }, /threshold must/],
    [{ kind: 'x' }, /kind/],
    [{ version: 0 }, /version/],
  ])('refuses JSON with %j', (fields, message) => {
    const json = new Alarm({ threshold: 3 }).toJSON();
    expect(() => Alarm.fromJSON({ ...json, ...fields } as never)).toThrow(message);
  });

  it('refuses JSON of an alarm that is active since never', () => {
    const json = new Alarm({ threshold: 3 }).toJSON();
    const wrong = { ...json, memory: { ...json.memory, active: true } };
    expect(() => Alarm.fromJSON(wrong)).toThrow(/activeTime must be a time where the alarm is active/);
  });

  it.each([
    ['active', 1],
    ['activeTime', undefined],
    ['shelving', 'gone'],
    ['activeTime', 'x'],
    ['reAlarmRepeatCount', -1],
    ['comment', 3],
    ['quality', 'fair'],
    ['time', undefined],
  ])('refuses JSON whose %s is %j', (name, value) => {
    const json = new Alarm({ threshold: 3 }).toJSON();
    const wrong = { ...json, memory: { ...json.memory, [name]: value } };
    expect(() => Alarm.fromJSON(wrong as never)).toThrow(`memory.${name} must`);
  });
});
