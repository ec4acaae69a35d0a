/** Where a command prints to. Tests pass their own. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress and messages. */
  err(text: string): void;
  /** Whether stderr can overwrite its last line. */
  isInteractive: boolean;
}

/** The standard streams. */
export function standardTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
  };
}

/** Prints a result for scripts. */
export function printJson(terminal: Terminal, result: unknown): void {
  terminal.out(`${JSON.stringify(result, null, 1)}\n`);
}
