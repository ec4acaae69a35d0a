import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { checkKind } from '@serial-oe/foundation';

/** How to reach NATS. */
export interface NatsOptions {
  /** `nats://host:4222`, `tls://`; several of a cluster. */
  servers: string | readonly string[];
  username?: string | undefined;
  password?: string | undefined;
  /** Further options of nats.js, such as `tls` or `authenticator`. */
  client?: NodeConnectionOptions | undefined;
}

const RETRY_MS = 1000;

/** @throws TypeError naming the option */
export function connectOptions(
  where: string,
  { servers, username, password, client }: NatsOptions,
): NodeConnectionOptions {
  const list = typeof servers === 'string' ? [servers] : [...servers];
  if (list.length === 0) throw new RangeError(`${where}: servers must name at least one server, got none.`);
  for (const [i, server] of list.entries()) checkKind(`${where}: servers[${i}]`, server, 'string');
  return {
    ...{ servers: list, maxReconnectAttempts: -1, reconnectTimeWait: RETRY_MS, pingInterval: 10_000 },
    ...(username !== undefined && { user: username }),
    ...(password !== undefined && { pass: password }),
    ...client,
  };
}

/**
 * Tries until a server answers; from then on nats.js itself connects again whenever it is lost.
 * @param onProblem once for a problem, not at each try
 * @returns null where `signal` came first
 */
export async function connectAtLast(
  options: NodeConnectionOptions,
  { signal, onProblem }: { signal: AbortSignal; onProblem: (message: string) => void },
): Promise<NatsConnection | null> {
  for (let last = ''; !signal.aborted; ) {
    try {
      const connection = await connect(options);
      if (!signal.aborted) return connection;
      await connection.close();
    } catch (error) {
      const { message } = error as Error;
      if (message !== last) onProblem(message);
      last = message;
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
  return null;
}
