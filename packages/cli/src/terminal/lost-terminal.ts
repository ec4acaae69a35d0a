import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** The terminal that the process has when this is called, if any. */
export function watchTerminal(): { isLost(): boolean; letGo(): void } {
  const atStart = [0, 1, 2].filter((fd) => isatty(fd));
  const lost = () => atStart.filter((fd) => !isatty(fd));
  return {
    isLost: () => lost().length > 0,
    /** On leaving Node would put back the settings of a terminal that is gone, fail, and abort with a core dump. */
    letGo() {
      for (const fd of lost()) closeSync(fd);
    },
  };
}
