/** What asks for an end: Ctrl-C, a service manager, a terminal that is closed or a connection that is lost. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One press of Ctrl-C under npx comes twice, from the terminal and from npm, which hands its own on. Milliseconds. */
const SAME_PRESS_MS = 500;

/**
 * An AbortSignal that Ctrl-C, SIGTERM and SIGHUP set. Another Ctrl-C after that ends the process at once; of the others a second one
 * changes nothing, since service managers and closing terminals send several.
 */
export function interruptSignal(onFirst: () => void): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  let pressedAt = Number.NEGATIVE_INFINITY;
  const handle = (name: (typeof SIGNALS)[number]) => {
    if (controller.signal.aborted) {
      if (name === 'SIGINT' && performance.now() - pressedAt > SAME_PRESS_MS) process.exit(130);
      return;
    }
    if (name === 'SIGINT') pressedAt = performance.now();
    controller.abort();
    onFirst();
  };
  const handlers = SIGNALS.map((name) => [name, () => handle(name)] as const);
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    signal: controller.signal,
    release() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}
