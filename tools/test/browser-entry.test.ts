import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { build as esbuildBuild } from 'esbuild';
import { workspaces } from './repository';
import { NODE_ONLY } from './size-budgets';

// esbuild is tsup's own; this is what the packages are built with.
const { build } = createRequire(require.resolve('tsup'))('esbuild') as { build: typeof esbuildBuild };

describe.each(workspaces('packages').filter(({ folder }) => !NODE_ONLY.includes(folder)))(
  '@serial-oe/$folder',
  ({ path }) => {
    it('has a main entry that a browser can load: bundled for one, nothing of Node is left in it', async () => {
      const result = await build({
        entryPoints: [join(path, 'dist', 'index.js')],
        bundle: true,
        platform: 'browser',
        format: 'esm',
        write: false,
        logLevel: 'silent',
      }).catch((error: { errors?: { text: string }[] }) => ({
        errors: error.errors ?? [{ text: String(error) }],
      }));
      expect(result.errors.map(({ text }) => text)).toEqual([]);
      const code = 'outputFiles' in result ? result.outputFiles.map(({ text }) => text).join('\n') : '';
      expect(code.match(/\bimport\([^"'\n]*\)/g)).toBeNull(); // webpack would warn of an expression at every build
    }, 60_000);
  },
);
