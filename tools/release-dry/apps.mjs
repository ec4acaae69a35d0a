// The empty projects that install from the registry: the files of each, what it installs, and how it runs.
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium.ts';
import { ROOT } from '../workspace/run-command.mjs';
import { titleInChromium } from './in-chromium.ts';

const SNIPPET = readFileSync(join(ROOT, 'tools', 'release-dry', 'snippet.ts'), 'utf8');
const OURS = [...new Set(SNIPPET.match(/@serial-oe\/[a-z-]+/g))];
/** The peers that a user names; npm resolves the rest. */
const PEERS = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];
const NEEDED = [...OURS, ...PEERS];

/** The line that the snippet resolves with, everywhere. */
const EXPECTED = '32 mel bands x 251, mixture 15.21, AUC 0.88, embedding of 8, 3 presets, BundleError';

const inNode = 'use().then((line) => console.log(line));\n';
const MAIN_TS = `import { use } from './snippet';\n${inNode}`;
const PAGE = `import { use } from './snippet';
use('./wasm/').then((line) => { document.title = line; }, (error) => { document.title = 'failed: ' + error; });\n`;
const HTML =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"></head><body>';
const COMPILER = ['typescript@5.9.3', '@types/node@20'];

/** Versions of what is installed beside ours are those of the day when this was last run as a whole. */
export const APPS = [
  {
    name: 'esm',
    packages: NEEDED,
    files: { 'main.mjs': `${as('esm')}\n${inNode}` },
    run: async ({ node }) => [await node('main.mjs')],
  },
  {
    name: 'cjs',
    packages: NEEDED,
    files: { 'main.cjs': `${as('cjs')}\n${inNode}` },
    run: async ({ node }) => [await node('main.cjs')],
  },
  {
    name: 'typescript-node16',
    packages: [...NEEDED, ...COMPILER],
    files: {
      'esm.mts': `${SNIPPET}\n${inNode}`,
      'cjs.cts': `${SNIPPET}\n${inNode}`,
      'tsconfig.json': tsconfig({ module: 'node16', moduleResolution: 'node16', outDir: 'out' }),
    },
    run: async ({ node, bin }) => {
      await bin('typescript', 'tsc');
      return [await node('out/esm.mjs'), await node('out/cjs.cjs')];
    },
  },
  {
    name: 'typescript-bundler',
    packages: [...NEEDED, ...COMPILER],
    files: {
      'snippet.ts': SNIPPET,
      'main.ts': MAIN_TS.replace('./snippet', './snippet.js'),
      'tsconfig.json': tsconfig({ module: 'es2022', moduleResolution: 'bundler', outDir: 'out' }),
    },
    run: async ({ node, bin }) => {
      await bin('typescript', 'tsc');
      return [await node('out/main.js')];
    },
  },
  {
    name: 'vite',
    packages: [...NEEDED, 'vite@8.4.0'],
    files: {
      'snippet.ts': SNIPPET,
      'main.ts': PAGE,
      'index.html': `${HTML}<script type="module" src="/main.ts"></script></body></html>`,
      // A page with tfjs is above the 500 kB at which Vite proposes to split it.
      'vite.config.js': "export default { base: './', build: { chunkSizeWarningLimit: 2000 } };\n",
    },
    run: async ({ folder, bin }) => {
      await bin('vite', 'vite', 'build');
      return [await inBrowser(folder)];
    },
  },
  {
    name: 'webpack',
    packages: [...NEEDED, 'webpack@5.113.0', 'webpack-cli@6.0.1'],
    files: {
      'main.mjs': `${as('esm')}\n${PAGE.split('\n').slice(1).join('\n')}`,
      'dist/index.html': `${HTML}<script src="main.js"></script></body></html>`,
      'webpack.config.cjs': `module.exports = {
        mode: 'production',
        entry: './main.mjs',
        performance: { hints: false }, // as with Vite; its limit is at 244 KiB
        // As the README of audio-features says: decoders of compressed audio are optional, and webpack warns of those that are missing.
        ignoreWarnings: [{ module: /audio-features/, message: /Can't resolve/ }],
      };\n`,
    },
    run: async ({ folder, bin }) => {
      await bin('webpack', 'webpack');
      return [await inBrowser(folder)];
    },
  },
  {
    name: 'bun',
    tool: 'bun',
    packages: NEEDED,
    files: { 'snippet.ts': SNIPPET, 'main.ts': MAIN_TS },
    run: async ({ tool }) => [await tool('run', 'main.ts')],
  },
  {
    name: 'deno',
    tool: 'deno',
    packages: NEEDED,
    files: { 'snippet.ts': SNIPPET, 'main.ts': MAIN_TS.replace('./snippet', './snippet.ts') },
    run: async ({ tool }) => [
      await tool('run', '--minimum-dependency-age=0', '--allow-all', '--check', 'main.ts'),
    ],
  },
  {
    name: 'npx-demo', // the command from anywhere, with nothing installed: the whole way, on fewer sounds
    packages: [],
    files: {},
    run: async ({ folder, npx, version, isRebuilt }) => {
      const told = await npx('@serial-oe/cli', '--version');
      if (isRebuilt && told.trim() !== version)
        throw new Error(`--version must print ${version}, got ${told.trim()}.`);
      await npx('@serial-oe/cli', 'demo', '--quick');
      const report = readFileSync(join(folder, 'serial-oe-demo', 'report.html'), 'utf8');
      if (!report.includes('</html>')) throw new Error('The report of the demo is not whole.');
      return [];
    },
  },
];

/** @throws Error unless every line is the one that the snippet has to resolve with */
export function checkLines(lines) {
  for (const line of lines) {
    if (line.trim() !== EXPECTED)
      throw new Error(`The snippet must print\n  ${EXPECTED}\ngot\n  ${line.trim()}`);
  }
}

/** The snippet as JavaScript. */
function as(format) {
  return transformSync(SNIPPET, { loader: 'ts', format, target: 'node20' }).code;
}

function tsconfig(options) {
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    rootDir: '.',
    ...options,
  };
  return JSON.stringify({ compilerOptions, include: ['*.ts', '*.mts', '*.cts'] });
}

/** The built page in Chromium, with the files of the WASM backend beside it, as a user puts them. */
async function inBrowser(folder) {
  const executable = findChromium();
  if (!executable) throw new SkippedError(`built, but not run: ${NO_CHROMIUM}`);
  const backend = createRequire(join(folder, 'package.json')).resolve(
    '@tensorflow/tfjs-backend-wasm/package.json',
  );
  cpSync(join(backend, '..', 'dist'), join(folder, 'dist', 'wasm'), {
    recursive: true,
    filter: (path) => !/\.[^.\\/]+$/.test(path) || path.endsWith('.wasm'),
  });
  return titleInChromium(join(folder, 'dist'), executable);
}

/** A part that this machine cannot check. */
export class SkippedError extends Error {
  name = 'SkippedError';
}
