import { installed } from '../installed';

/** The queue on a server, whose packages its user installs. */
export function loadBullmq(url: string) {
  const names = ['bullmq', /^postgres/.test(url) ? 'pg' : 'ioredis'];
  return installed('--queue', { names, load: () => import('@serial-oe/experiments/bullmq') });
}
