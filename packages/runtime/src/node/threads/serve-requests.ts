import type { MessagePort } from 'node:worker_threads';
import { READY_ID, type Reply } from './request-thread';
import { packError } from './thread-errors';

/**
 * The thread's side of a `RequestThread`: starts, says so, and answers requests in the order in which they come.
 *
 * @param start makes what the answers need; `ready` is told to the owner
 */
export function serveRequests<State, Request extends { id: number }>(
  port: MessagePort | null,
  start: () => Promise<{ state: State; ready: unknown }>,
  answer: (state: State, request: Request) => unknown,
): void {
  if (port === null) throw new Error('serial-oe: this file must run in a worker thread.');
  const reply = (message: Reply) => port.postMessage(message);
  const started = start();
  void started.then(
    ({ ready }) => reply({ id: READY_ID, result: ready }),
    (error) => reply({ id: READY_ID, error: packError(error) }),
  );
  let previous: Promise<unknown> = started.catch(() => {});
  port.on('message', (request: Request) => {
    previous = previous.then(async () => {
      try {
        reply({ id: request.id, result: await answer((await started).state, request) });
      } catch (error) {
        reply({ id: request.id, error: packError(error) });
      }
    });
  });
}
