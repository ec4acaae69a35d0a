import { EXIT } from '../command/exit-codes';

/** What this needs of `process`. */
export interface EndingProcess {
  once(event: 'beforeExit', listener: () => void): unknown;
  exitCode?: number | string | null | undefined;
}

/**
 * Node leaves with 0 and without a word where a command waits for what never comes and nothing is left to run, as `fetch` does
 * for some broken answers of servers: to a script that looks like success.
 * @param work settles when the command has ended
 * @param tell prints a message
 */
export function refuseSilentEnd(
  work: Promise<unknown>,
  { process, tell }: { process: EndingProcess; tell(text: string): void },
): void {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  work.then(end, end);
  process.once('beforeExit', () => {
    if (hasEnded) return;
    process.exitCode = EXIT.failure;
    tell(
      'serial-oe: must end with a result, got none: what it waited for, such as the answer of a server, broke off. Try again, or ' +
        'copy the files here first.\n',
    );
  });
}
