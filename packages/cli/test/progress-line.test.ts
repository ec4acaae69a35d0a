import { ProgressLine } from '../src/terminal/progress-line';
import { recorder } from './support/recorder';

describe('ProgressLine', () => {
  it('redraws in place on a terminal and ends the line', () => {
    const terminal = recorder(true);
    const progress = new ProgressLine(terminal, { isQuiet: false });
    progress.update('1/2', 0.5);
    progress.update('2/2', 1);
    progress.close();
    expect(terminal.stderr).toBe('\r\u001b[2K1/2\r\u001b[2K2/2\n');
  });

  it('writes a line a tenth to a log', () => {
    const terminal = recorder();
    const progress = new ProgressLine(terminal, { isQuiet: false });
    for (let i = 1; i <= 100; i++) progress.update(`${i}`, i / 100);
    expect(terminal.stderr.split('\n').filter(Boolean)).toEqual([
      '1',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
      '100',
    ]);
  });

  it('shows warnings alone when quiet', () => {
    const terminal = recorder();
    const progress = new ProgressLine(terminal, { isQuiet: true });
    progress.update('x', 1);
    progress.message('y');
    progress.warning('z');
    expect(terminal.stderr).toBe('warning: z\n');
  });

  it('tells a notice even when quiet, on a line of its own', () => {
    const terminal = recorder(true);
    new ProgressLine(terminal, { isQuiet: true }).notice('stopping');
    const open = new ProgressLine(terminal, { isQuiet: false });
    open.update('1/2', 0.5);
    open.notice('stopping');
    expect(terminal.stderr).toBe('stopping\n\r\u001b[2K1/2\nstopping\n');
  });
});
