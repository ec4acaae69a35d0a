import type { OnnxRuntimeName } from './runtime-names';

/**
 * Imports a runtime that the user may not have installed. Each is named in full, as webpack warns of an expression at every build,
 * and has its `catch` beside it, without which a bundler refuses what is missing.
 *
 * @param refuse throws what says how to mend it
 */
export function importRuntime(name: OnnxRuntimeName, refuse: (cause: Error) => never): Promise<unknown> {
  return name === 'onnxruntime-node'
    ? import(/* webpackIgnore: true */ 'onnxruntime-node').catch(refuse)
    : import(/* webpackIgnore: true */ 'onnxruntime-web').catch(refuse);
}
