import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/**
 * Runs tests on @tensorflow/tfjs-node (backend `tensorflow`), from the folder that SERIAL_OE_TFJS_NODE names or from
 * node_modules. It is no dependency of the repository, since its install step downloads: where it is not installed, or
 * Node is too new for it, the tests are skipped and say so. One that is installed but broken fails them.
 */
export function describeWithTfjsNode(name: string, tests: () => void): void {
  const reason = reasonToSkip();
  if (reason !== null) {
    process.stderr.write(`SKIPPED ${name}: ${reason}\n`);
    describe.skip(`${name} (skipped: ${reason})`, tests);
    return;
  }
  describe(name, () => {
    beforeAll(() => {
      process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
      requireFrom()('@tensorflow/tfjs-node');
    });
    tests();
  });
}

/** Whether SERIAL_OE_TFJS_NODE is set, or tfjs-node in node_modules, and Node old enough for it. */
export function reasonToSkip(): string | null {
  const major = Number.parseInt(process.versions.node, 10);
  if (major >= 23) return `tfjs-node needs Node 22 or earlier, this is ${process.version}`;
  if (process.env.SERIAL_OE_TFJS_NODE) return null;
  try {
    requireFrom().resolve('@tensorflow/tfjs-node');
    return null;
  } catch {
    return '@tensorflow/tfjs-node is not installed and SERIAL_OE_TFJS_NODE is not set; see docs/backends.md';
  }
}

function requireFrom(): NodeJS.Require {
  const folder = process.env.SERIAL_OE_TFJS_NODE;
  return createRequire(folder ? join(resolve(folder), 'package.json') : __filename);
}
