#!/usr/bin/env node
import { main } from './main';
import { standardTerminal } from './terminal';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

void main(process.argv.slice(2), standardTerminal()).then((code) => {
  process.exitCode = code;
});
