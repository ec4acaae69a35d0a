import type { OnnxRuntimeName } from './runtime-names';

/** Stands for `import-runtime-node.ts` where a bundler builds for browsers, so that it meets no runtime that nobody asked for. */
export async function importRuntime(
  _name: OnnxRuntimeName,
  refuse: (cause: Error, remedy: string) => never,
): Promise<unknown> {
  const remedy = "Import it and pass it: import * as runtime from 'onnxruntime-web'.";
  return refuse(new Error('a browser knows no package by its name.'), remedy);
}
