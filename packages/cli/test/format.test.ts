import { duration, figure, textTable } from '../src/terminal/format';

describe('formatting', () => {
  it('aligns a table', () => {
    const table = textTable(
      [{ title: 'ID' }, { title: 'AUC', align: 'right' }],
      [
        ['00', '0.9'],
        ['02', '0.8765'],
      ],
    );
    expect(table).toBe('ID     AUC\n--  ------\n00     0.9\n02  0.8765\n');
  });

  it.each([
    [0.4, '0:00'],
    [75, '1:15'],
    [3675, '1:01:15'],
  ])('writes %p seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('shows a missing figure as a dash', () => {
    expect([figure(null), figure(undefined), figure(0.5)]).toEqual(['-', '-', '0.5000']);
  });
});
