import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the work is done in that time, ms; a server that is away would keep whoever waits for it. What it fails with later is not told. */
export async function isDoneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const done = work.then(() => true);
  done.catch(() => {});
  return Promise.race([done, sleep(ms).then(() => false)]);
}
