import { sessionOf } from '../src/index';

describe('sessionOf', () => {
  it.each([
    ['pump/2026-01-17/normal_id_00_00000001.wav', '2026-01-17'],
    ['pump/2026/01/17/a.wav', '2026-01-17'],
    ['20260117_0930_normal.wav', '2026-01-17'],
    ['rec_20260117T093005.wav', '2026-01-17'],
    ['20260117093005.wav', '2026-01-17'],
    ['pump\\2026_01_17\\a.wav', '2026-01-17'],
    ['pump/day3/a.wav', 'day 3'],
    ['pump/Session-02/a.wav', 'session 2'],
    ['2026-01-17/session_1/a.wav', 'session 1'],
    ['normal_id_00_00000012.wav', undefined],
    ['section_00_source_train_normal_0001_m-n_X.wav', undefined],
    ['fan/train/normal_id_02_20991399.wav', undefined], // no month
    ['serial 120260117123.wav', undefined],
    ['daylight/a.wav', undefined],
    ['', undefined],
  ])('%s: %s', (path, session) => {
    expect(sessionOf(path)).toBe(session);
  });
});
