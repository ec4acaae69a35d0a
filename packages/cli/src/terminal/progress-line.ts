import { printableLine } from '@serial-oe/foundation';
import { CLEAR_LINE, type Terminal } from './terminal';

/** Redraws a second at most, so that a slow terminal costs nothing. */
const REDRAW_MS = 200;
/** A log file gets a line after every tenth of the work, or after this time. */
const LOG_MS = 30_000;

/** One line that shows where long work stands: redrawn in place on a terminal, now and then in a log. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #isQuiet: boolean;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #lastTenth = -1;
  #isOpen = false;

  constructor(terminal: Terminal, { isQuiet }: { isQuiet: boolean }) {
    this.#terminal = terminal;
    this.#isQuiet = isQuiet;
  }

  /** Shows the text if it is time for it; `share` is the part of this work that is done. */
  update(text: string, share: number): void {
    if (this.#isQuiet) return;
    const now = performance.now();
    const tenth = Math.floor(share * 10 + 1e-9);
    if (this.#terminal.isInteractive) {
      if (now - this.#lastDrawn < REDRAW_MS && share < 1) return;
      this.#terminal.err(`${CLEAR_LINE}${printableLine(text)}`);
      this.#isOpen = true;
    } else {
      if (tenth === this.#lastTenth && now - this.#lastDrawn < LOG_MS) return;
      this.#terminal.err(`${text}\n`);
    }
    this.#lastDrawn = now;
    this.#lastTenth = tenth;
  }

  /** A line of its own that stays. */
  message(text: string): void {
    this.close();
    if (!this.#isQuiet) this.#terminal.err(`${text}\n`);
  }

  /** Shown even when quiet. */
  notice(text: string): void {
    this.close();
    this.#terminal.err(`${text}\n`);
  }

  /** A notice that is marked as a warning. */
  warning(text: string): void {
    this.notice(`warning: ${text}`);
  }

  /** Ends the line, so that what follows starts on a new one. */
  close(): void {
    if (this.#isOpen) this.#terminal.err('\n');
    this.#isOpen = false;
    this.#lastTenth = -1;
    this.#lastDrawn = Number.NEGATIVE_INFINITY;
  }
}
