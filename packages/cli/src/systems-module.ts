/** The module that exports every system, for threads and processes. */
export function systemsModule(): URL {
  return new URL('./systems.js', import.meta.url);
}
