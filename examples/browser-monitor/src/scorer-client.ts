import type { FromWorker, ScoringApi, SentError, ToWorker, WorkerEvent } from './worker/protocol';

/** What went wrong in the worker, or was told by the browser. */
export class ScorerError extends Error {
  override readonly name: string;
  readonly problem: string | undefined;

  constructor({ name, message, problem }: SentError) {
    super(message);
    this.name = name;
    this.problem = problem;
  }
}

type Listener = (event: WorkerEvent) => void;

/** The page's side of the worker. */
export class ScorerClient {
  readonly #worker = new Worker(new URL('./worker/scoring-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  readonly #listeners = new Set<Listener>();
  #nextId = 1;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = ({ message }) => {
      const error = new ScorerError({ name: 'WorkerError', message });
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
  }

  /** @throws ScorerError with the name and the problem of what was thrown there */
  call<M extends keyof ScoringApi>(
    method: M,
    argument: Parameters<ScoringApi[M]>[0],
    transfer: Transferable[] = [],
  ): Promise<ReturnType<ScoringApi[M]>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#send({ kind: 'call', id, method, argument }, transfer);
    });
  }

  /** Samples of a microphone come by the port. */
  connect(port: MessagePort): void {
    this.#send({ kind: 'port', port }, [port]);
  }

  /** @returns what ends the listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #send(message: ToWorker, transfer: Transferable[]): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'event') {
      for (const listener of this.#listeners) listener(message.event);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'result') waiting?.resolve(message.result);
    else waiting?.reject(new ScorerError(message.error));
  }
}
