import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { NodeConnectionOptions } from '@nats-io/transport-node';

/**
 * A thread with a connection of its own: it tells the server of each piece that is being scored that work goes on, and the other nodes
 * that this one lives, however long scoring keeps the main thread. It falls silent when the main thread has said nothing for too long.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { connect } = require(workerData.module);
const pending = new Set();
let heardAt = Date.now();
parentPort.on('message', ({ add, remove }) => {
  heardAt = Date.now();
  if (add) pending.add(add);
  if (remove) pending.delete(remove);
});
connect(workerData.options).then((connection) => {
  const beat = () => connection.publish(workerData.beatSubject, 'alive');
  const every = (ms, work) => setInterval(() => Date.now() - heardAt < workerData.stallMs && work(), ms);
  beat();
  every(workerData.beatMs, beat);
  every(workerData.workingMs, () => { for (const subject of pending) connection.publish(subject, '+WPI'); });
  return connection.flush();
}).then(() => parentPort.postMessage('ready'));
`;

export interface KeepAliveOptions {
  connect: NodeConnectionOptions;
  /** Where this node's sign of life goes. */
  beatSubject: string;
  beatMs: number;
  workingMs: number;
  /** A main thread that has said nothing for so long is taken for dead. */
  stallMs: number;
}

const SPEAK_MS = 1000;

export class KeepAlive {
  /** Rejects where the thread cannot connect. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #timer: NodeJS.Timeout;

  /** @throws DOMException for options of the client that no thread can be given, such as functions */
  constructor({ connect, ...rest }: KeepAliveOptions) {
    const module = createRequire(import.meta.url).resolve('@nats-io/transport-node');
    const workerData = { module, options: connect, ...rest };
    this.#worker = new Worker(THREAD, { eval: true, workerData, execArgv: [] });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('error', reject);
    });
    this.ready.catch(() => {}); // the owner awaits it
    this.#timer = setInterval(() => this.#worker.postMessage({}), SPEAK_MS);
  }

  /** @param reply the subject on which a message is acknowledged */
  add(reply: string): void {
    this.#worker.postMessage({ add: reply });
  }

  remove(reply: string): void {
    this.#worker.postMessage({ remove: reply });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#worker.terminate();
  }
}
