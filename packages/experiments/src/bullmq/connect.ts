import type { BackendFactory, IQueueBackend, QueueBaseOptions } from 'bullmq';
import { createPostgresBackend } from 'bullmq';

/** Where the queue is kept, and by what. */
export interface Connection {
  options: Pick<QueueBaseOptions, 'connection'>;
  /** Undefined for Redis and Valkey. */
  factory: BackendFactory<IQueueBackend> | undefined;
}

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
      // A command waits for as long as the server is away: a restart of it must not end a training.
      return {
        options: {
          connection: { url: url.replace(/^valkey/, 'redis'), maxRetriesPerRequest: null },
        },
        factory: undefined,
      };
    case 'postgres':
      return {
        // Its tables are made in a schema of their own, `bullmq`, by whoever comes first.
        options: { connection: { connectionString: url, migrate: true } as never },
        factory: createPostgresBackend as unknown as BackendFactory<IQueueBackend>,
      };
    default:
      throw new RangeError(
        `${caller}: connection must be an address such as redis://host:6379, rediss://, valkey:// or postgres://user@host/database, got ${JSON.stringify(hidePassword(url))}.`,
      );
  }
}

/** For messages. */
export function hidePassword(url: string): string {
  return url.replace(/:[^:@/]*@/, ':***@');
}
