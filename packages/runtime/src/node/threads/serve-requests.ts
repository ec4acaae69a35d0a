import type { MessagePort, Transferable } from 'node:worker_threads';
import { READY_ID, type Reply } from './request-thread';
import { packError } from './thread-errors';

/** What a thread does with what it is asked. */
export interface RequestHandlers<State, Request extends { id: number }> {
  /** Makes what the answers need; `ready` is told to the owner. */
  start(): Promise<{ state: State; ready: unknown }>;
  answer(state: State, request: Request): unknown;
  /** Memory of an answer that is given away instead of copied. Default: none. */
  transfer?(result: unknown): Transferable[];
}

/** The thread's side of a `RequestThread`: starts, says so, and answers requests in the order in which they come. */
export function serveRequests<State, Request extends { id: number }>(
  port: MessagePort | null,
  { start, answer, transfer = () => [] }: RequestHandlers<State, Request>,
): void {
  if (port === null)
    throw new Error('runtime.serveRequests: must be called in a worker thread, got the main one.');
  const reply = (message: Reply, list?: Transferable[]) => port.postMessage(message, list);
  const started = start();
  void started.then(
    ({ ready }) => reply({ id: READY_ID, result: ready }),
    (error) => reply({ id: READY_ID, error: packError(error) }),
  );
  let previous: Promise<unknown> = started.catch(() => {});
  port.on('message', (request: Request) => {
    previous = previous.then(async () => {
      try {
        const result = await answer((await started).state, request);
        reply({ id: request.id, result }, transfer(result));
      } catch (error) {
        reply({ id: request.id, error: packError(error) });
      }
    });
  });
}
