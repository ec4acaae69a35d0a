#!/usr/bin/env node
import { main } from './main';
import { watchTerminal } from './terminal/lost-terminal';
import { refuseSilentEnd } from './terminal/lost-work';
import { standardTerminal } from './terminal/terminal';

const terminal = watchTerminal();

// A reader that has seen enough (`| head`) is no failure; results that cannot be written, as on a full disk, are.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  if (terminal.isLost()) return; // nobody reads the results either; a model is saved all the same
  const reason = code === 'ENOSPC' ? 'no space left on the disk of that file (ENOSPC)' : message;
  process.stderr.write(
    `serial-oe: standard output must be a place that can be written to, got ${reason}. Free some space, or send the results elsewhere.\n`,
  );
  process.exit(1);
});
// Nobody reads the progress: the work goes on without.
process.stderr.on('error', () => {});

const work = main(process.argv.slice(2), standardTerminal()).then((code) => {
  process.exitCode = code;
  terminal.letGo();
});
refuseSilentEnd(work, { process, tell: (text) => process.stderr.write(text) });
