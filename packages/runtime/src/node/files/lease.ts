import { Worker } from 'node:worker_threads';

/** The claim of a process of another machine counts for so long after its last sign of life. */
export const LEASE_MS = 600_000;
/** Far more often than the lease ends: a slow network folder may lose some. */
export const RENEW_MS = 60_000;

/**
 * The thread writes the claim's own text again through a handle of its own, so that a claim that another process has taken over
 * is never touched, and the time stamp is that of the machine which holds the disk.
 */
const RENEWAL = `
const { openSync, readFileSync, writeSync } = require('node:fs');
const { workerData: { path, text, renewMs } } = require('node:worker_threads');
try {
  const file = openSync(path, 'r+');
  if (readFileSync(file, 'utf8') === text) {
    setInterval(() => { try { writeSync(file, text, 0); } catch {} }, renewMs);
  }
} catch {}
`;

/**
 * Renews a claim's time stamp until it is told to stop: from a thread, since a training keeps the main one busy for minutes.
 * It does not keep the process alive.
 */
export function keepLease(
  path: string,
  text: string,
  { renewMs = RENEW_MS }: { renewMs?: number } = {},
): () => Promise<void> {
  const worker = new Worker(RENEWAL, { eval: true, workerData: { path, text, renewMs }, execArgv: [] });
  worker.on('error', () => {}); // without renewals the claim still counts on this machine
  worker.unref();
  return async () => {
    await worker.terminate();
  };
}
