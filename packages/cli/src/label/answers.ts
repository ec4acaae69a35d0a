import { createInterface } from 'node:readline';

/** What somebody may say of a recording. */
export type Answer = 'anomaly' | 'normal' | 'skip' | 'replay' | 'back' | 'quit';

const ANSWERS: readonly Answer[] = ['anomaly', 'normal', 'skip', 'replay', 'back', 'quit'];
/** Ctrl-C and Ctrl-D, which a terminal hands over as they are while single keys are read. */
const ENDS = ['\u0003', '\u0004'];

/** Gives one answer after the other. */
export interface Answers {
  /** The next one; null for something that is none. The end of the input is `quit`. */
  next(signal: AbortSignal): Promise<Answer | null>;
  close(): void;
}

/** The answer that a key or a line is, by its word or first letter. */
export function parseAnswer(text: string): Answer | null {
  const word = text.trim().toLowerCase();
  return ANSWERS.find((answer) => word === answer || word === answer[0]) ?? null;
}

/** Single keys of a terminal, without Enter. */
export function keyAnswers(input: NodeJS.ReadStream): Answers {
  input.setRawMode(true);
  input.setEncoding('utf8');
  const waiting: string[] = [];
  let wake = () => {};
  let isOver = false;
  const take = (keys: string) => {
    waiting.push(...keys);
    wake();
  };
  const end = () => {
    isOver = true;
    wake();
  };
  input.on('data', take).on('end', end).resume();
  return {
    async next(signal) {
      while (waiting.length === 0 && !isOver && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      signal.throwIfAborted();
      const key = waiting.shift();
      return key === undefined || ENDS.includes(key) ? 'quit' : parseAnswer(key);
    },
    close() {
      input.off('data', take).off('end', end).pause();
      input.setRawMode(false);
    },
  };
}

/** A line an answer, for scripts. */
export function lineAnswers(input: NodeJS.ReadableStream): Answers {
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async next(signal) {
      signal.throwIfAborted();
      const { done, value } = await lines.next();
      return done ? 'quit' : parseAnswer(value);
    },
    close: () => reader.close(),
  };
}
