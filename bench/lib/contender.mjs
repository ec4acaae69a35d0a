import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * A process that does the work of one measurement when it is asked to, so that contenders take turns and a machine that
 * slows down slows all of them. It prints a line of JSON `{ check }` when it is warm; for each line with a number n
 * on its stdin `{ ms: [n times] }`; and `{ peakMB }` when its stdin ends.
 */
export class Contender {
  #child;
  #lines;
  #errors = '';
  #label;

  constructor(label, command, { args, env }) {
    this.#label = label;
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    this.#child.on('error', (error) => {
      this.#errors += error.message;
    });
    this.#child.stdin.on('error', () => {}); // it died; the missing answer says so
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Resolves once it is warm, with a number that the same work gives in every contender. */
  async ready() {
    return (await this.#answer()).check;
  }

  /** Milliseconds of `n` runs. */
  async measure(n) {
    this.#child.stdin.write(`${n}\n`);
    return (await this.#answer()).ms;
  }

  /** Ends the process; its peak resident memory, MB (10^6 bytes). */
  async close() {
    this.#child.stdin.end();
    return (await this.#answer()).peakMB;
  }

  /** Ends the process at once. */
  kill() {
    this.#child.kill();
  }

  async #answer() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`bench: ${this.#label} stopped without an answer.\n${this.#errors.trim()}`);
    return JSON.parse(value);
  }
}
