import { checkKind, checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { MonitorEvent, ScoreSink } from '../events';
import { restartDelay } from '../hearing/restart-delay';

export interface WebhookSinkOptions {
  /** `http://` or `https://`; each event is a POST of JSON. */
  url: string;
  /** Such as `{ authorization: 'Bearer ..' }`. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Which events are told. Default all but scores. */
  kinds?: readonly MonitorEvent['kind'][] | undefined;
  /** Events that wait while the receiver is down; of more, the oldest are dropped. Default 100. */
  maxWaiting?: number | undefined;
  onMessage?: ((message: string) => void) | undefined;
}

const OPTIONS: OptionNames<WebhookSinkOptions> = {
  url: true,
  headers: true,
  kinds: true,
  maxWaiting: true,
  onMessage: true,
};
const KINDS: readonly MonitorEvent['kind'][] = ['alarm', 'hearing', 'overload', 'drift', 'clip'];
const TIMEOUT_MS = 10_000;
const MAX_TRIES = 8;

/**
 * Posts events to an address, in order. What is not answered with 2xx is tried again, ever later, eight times.
 * @throws RangeError or TypeError naming the option
 */
export function webhookSink(options: WebhookSinkOptions): ScoreSink {
  const where = 'monitor.webhookSink';
  checkOptions(where, options, OPTIONS);
  checkKind(`${where}: url`, options.url, 'string');
  if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url)) {
    throw new RangeError(
      `${where}: url must be an address that starts with http:// or https://, got ${options.url}.`,
    );
  }
  return new Webhook(options);
}

class Webhook implements ScoreSink {
  readonly name: string;
  readonly #options: WebhookSinkOptions;
  readonly #waiting: MonitorEvent[] = [];
  #running: Promise<void> | null = null;
  readonly #closing = new AbortController();

  constructor(options: WebhookSinkOptions) {
    this.#options = options;
    this.name = `webhook ${new URL(options.url).origin}`;
  }

  publish(event: MonitorEvent): void {
    const { kinds = KINDS, maxWaiting = 100 } = this.#options;
    if (!kinds.includes(event.kind)) return;
    this.#waiting.push(event);
    if (this.#waiting.length > maxWaiting) {
      this.#waiting.shift();
      this.#tell(`more than ${maxWaiting} events wait: the oldest was dropped`);
    }
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null;
    });
  }

  /** What waits is tried once more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #sendAll(): Promise<void> {
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      for (let nFailures = 0; nFailures < MAX_TRIES; nFailures++) {
        const problem = await this.#send(event);
        if (problem === null) break;
        this.#tell(nFailures + 1 < MAX_TRIES ? problem : `${problem}; given up`);
        if (this.#closing.signal.aborted) break;
        await pause(1000 * restartDelay(nFailures), this.#closing.signal);
      }
    }
  }

  async #send(event: MonitorEvent): Promise<string | null> {
    try {
      const response = await fetch(this.#options.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.#options.headers },
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      return response.ok ? null : `answered ${response.status}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  #tell(message: string): void {
    this.#options.onMessage?.(`${this.name}: ${message}`);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
