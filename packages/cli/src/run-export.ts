import { BundleError } from '@serial-oe/runtime';
import { createFileAccess, startBackend } from '@serial-oe/runtime/node';
import { loadSerialOe } from '@serial-oe/serial-oe';
import { Arguments } from './arguments';
import { EXPORT } from './commands/specs/model-specs';
import { megabytes } from './format';
import { WEIGHT_TYPES } from './runtimes';
import type { Terminal } from './terminal';

/** `serial-oe export`; returns the exit code. */
export async function runExport(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(EXPORT, argv);
  args.noPositionals();
  const [modelPath, out] = [args.required('model'), args.required('out')];
  const weights = args.oneOf('weights', WEIGHT_TYPES) ?? 'float32';
  const files = createFileAccess();
  if ((await files.exists(out)) && !args.has('overwrite')) {
    throw new BundleError(
      'format',
      `serial-oe export: ${out} must not exist yet. Choose another --out, or pass --overwrite.`,
    );
  }
  await startBackend('wasm');
  const model = await loadSerialOe(modelPath);
  try {
    const bytes = model.toOnnx({ weights });
    await files.writeFile(out, bytes);
    const result = { path: out, weights, nBytes: bytes.length };
    terminal.out(
      args.has('json')
        ? `${JSON.stringify(result, null, 1)}\n`
        : `${out}: ${megabytes(bytes.length)}, weights in ${weights}\n`,
    );
  } finally {
    model.dispose();
  }
  return 0;
}
