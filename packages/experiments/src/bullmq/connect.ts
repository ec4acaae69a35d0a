import { hidePassword } from '@serial-oe/foundation';
import type { BackendFactory, IQueueBackend, QueueBaseOptions } from 'bullmq';
import { createPostgresBackend } from 'bullmq';

/** Where the queue is kept, and by what. */
export interface Connection {
  options: Pick<QueueBaseOptions, 'connection'>;
  /** Undefined for Redis and Valkey. */
  factory: BackendFactory<IQueueBackend> | undefined;
  /** No more attempts to reach a server that is away: they would keep the process. */
  giveUp: () => void;
}

/** From one attempt to reach a server that is away to the next, ms. */
const RETRY_MS = 1000;

const PROTOCOLS: Readonly<Record<string, 'redis' | 'postgres'>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'valkey:': 'redis',
  'valkeys:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/**
 * @param url `redis://host:6379`, `rediss://` (TLS), `valkey://`, or `postgres://user@host/database`
 * @throws RangeError for another
 */
export function connect(caller: string, url: string): Connection {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  switch (PROTOCOLS[protocol]) {
    case 'redis':
      return redis(url.replace(/^valkey/, 'redis'));
    case 'postgres':
      return {
        // Its tables are made in a schema of their own, `bullmq`, by whoever comes first.
        options: { connection: { connectionString: url, migrate: true } as never },
        factory: createPostgresBackend as unknown as BackendFactory<IQueueBackend>,
        giveUp: () => {}, // it does not wait for a server by itself
      };
    default:
      throw new RangeError(
        `${caller}: connection must be an address such as redis://host:6379, rediss://, valkey:// or postgres://user@host/database, got ${JSON.stringify(hidePassword(url))}.`,
      );
  }
}

/** A command waits for as long as the server is away: a restart of it must not end a training. */
function redis(url: string): Connection {
  let isGivenUp = false;
  const retryStrategy = () => (isGivenUp ? null : RETRY_MS);
  return {
    options: { connection: { url, maxRetriesPerRequest: null, retryStrategy } },
    factory: undefined,
    giveUp() {
      isGivenUp = true;
    },
  };
}
