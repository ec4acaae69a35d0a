import type { Terminal } from '../../src/terminal/terminal';

/** A terminal that keeps what is printed. */
export function recorder(isInteractive = false): Terminal & { stdout: string; stderr: string } {
  const terminal = {
    stdout: '',
    stderr: '',
    isInteractive,
    out: (text: string) => {
      terminal.stdout += text;
    },
    err: (text: string) => {
      terminal.stderr += text;
    },
  };
  return terminal;
}
