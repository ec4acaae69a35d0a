const { Module, Memory } = WebAssembly;

/** Counts what is made of WebAssembly, and can make it fail, until {@link restoreWebAssembly}. */
export function watchWebAssembly(member: 'Module' | 'Memory', failure?: Error): { count: number } {
  const original = WebAssembly[member] as new (...args: unknown[]) => object;
  const made = { count: 0 };
  function make(...args: unknown[]): object {
    if (failure) throw failure;
    made.count++;
    return new original(...args);
  }
  Object.assign(WebAssembly, { [member]: make });
  return made;
}

/** Undoes what {@link watchWebAssembly} did. */
export function restoreWebAssembly(): void {
  Object.assign(WebAssembly, { Module, Memory });
}

/** What `run` returns in an engine that has no WebAssembly. */
export function withoutWebAssembly<T>(run: () => T): T {
  const engine = globalThis.WebAssembly;
  Object.assign(globalThis, { WebAssembly: undefined });
  try {
    return run();
  } finally {
    Object.assign(globalThis, { WebAssembly: engine });
  }
}
