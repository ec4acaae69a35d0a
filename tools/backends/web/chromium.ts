import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What to say where there is no browser. */
export const NO_CHROMIUM =
  'no Chromium on the PATH. Install one (Debian: "apt-get install chromium"), or name it by SERIAL_OE_CHROMIUM';

/** The browser's program: `SERIAL_OE_CHROMIUM`, or the first of the usual names on the PATH; null where there is none. */
export function findChromium(): string | null {
  const named = process.env.SERIAL_OE_CHROMIUM;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`SERIAL_OE_CHROMIUM must name a program, got ${named}.`);
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync) ?? null;
}
