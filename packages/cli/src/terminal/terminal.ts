import { printable } from '@serial-oe/foundation';

/** Where a command prints to. Tests pass their own. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress and messages. */
  err(text: string): void;
  /** Text with colours that the command itself has made, on stderr; where there is none, `err` shows it without. */
  paint?(text: string): void;
  /** Whether stderr can overwrite its last line. */
  isInteractive: boolean;
}

/** The standard streams. */
export function standardTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    paint: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true,
  };
}

/** Goes back to the start of the line and clears it: the one sequence that a terminal is told to obey. */
export const CLEAR_LINE = '\r\u001b[2K';

/**
 * The terminal, shown no control characters: names of files and folders, labels and settings may hold some, and would
 * clear the screen, forge lines or turn the direction of text.
 */
export function printableTerminal(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: (text) => terminal.out(printable(text)),
    err: (text) =>
      terminal.err(
        text.startsWith(CLEAR_LINE)
          ? `${CLEAR_LINE}${printable(text.slice(CLEAR_LINE.length))}`
          : printable(text),
      ),
  };
}

/** Prints a result for scripts. */
export function printJson(terminal: Terminal, result: unknown): void {
  terminal.out(`${JSON.stringify(result, null, 1)}\n`);
}
