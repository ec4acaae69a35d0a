// A page, bundled from the builds, that looks for tfjs's .wasm file where it is not, in Chromium.
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';
import { serve } from '../backends/web/serve';

const root = join(__dirname, '../..');
const PAGE = `
  import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
  import { BackendError, loadSerialOe, useBackend } from '@serial-oe/serial-oe';
  const [path, call, byPlatform] = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  if (path !== null) setWasmPaths(path, byPlatform);
  const calls = { useBackend: () => useBackend('wasm'), loadSerialOe: () => loadSerialOe('/model.zip') };
  globalThis.outcome = calls[call]().then(() => 'started', (error) => [error instanceof BackendError, error.message]);
`;

const executablePath = findChromium();
if (executablePath === null) process.stderr.write(`SKIPPED wrong .wasm paths in Chromium: ${NO_CHROMIUM}\n`);
(executablePath === null ? describe.skip : describe)('a page with a wrong path of the .wasm file', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: PAGE, resolveDir: join(root, 'packages', 'serial-oe') },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      write: false,
      logLevel: 'error',
    });
    const app = '<!doctype html><title>app</title><script type="module" src="/page.js"></script>';
    const names = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];
    server = await serve({
      texts: {
        '/': app,
        '/page.js': outputFiles[0]!.text,
        ...Object.fromEntries(names.map((name) => [`/app/${name}`, app])), // a server that answers with its page
      },
      folders: { '/right/': join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist') },
      isIsolated: false,
    });
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(...job: [path: string | null, call: string, byPlatform?: boolean]): Promise<unknown> {
    const page = await browser.newPage();
    await page.goto(`${server.url}#${encodeURIComponent(JSON.stringify(job))}`, { waitUntil: 'load' });
    const outcome = await page.evaluate(
      () => (globalThis as unknown as { outcome: Promise<unknown> }).outcome,
    );
    await page.close();
    return outcome;
  }

  it('starts with the right one', async () => {
    expect(await open('/right/', 'useBackend')).toBe('started');
  });

  it.each<[string, [string | null, string, boolean?], RegExp]>([
    [
      'a folder that is not there',
      ['/wrong/', 'useBackend'],
      /localhost:\d+\/wrong\/tfjs-backend-wasm-simd\.wasm, got HTTP 404 /,
    ],
    ['none at all', [null, 'useBackend'], /localhost:\d+\/tfjs-backend-wasm-simd\.wasm, got HTTP 404 /],
    [
      'a server that answers with its page',
      ['/app/', 'useBackend'],
      /got HTTP 200 \(.*\) that starts "<!doctype html>/,
    ],
    [
      'no server',
      ['http://localhost:1/', 'useBackend'],
      /http:\/\/localhost:1\/tfjs-backend-wasm-simd\.wasm, got no answer \(Failed to fetch\)/,
    ],
    [
      'a forgotten slash',
      ['/right', 'useBackend'],
      /localhost:\d+\/righttfjs-backend-wasm-simd\.wasm, got HTTP 404/,
    ],
    [
      "tfjs's own fetch, which waits for ever",
      ['/wrong/', 'useBackend', true],
      /wrong\/tfjs-backend-wasm-simd\.wasm, got HTTP 404/,
    ],
    [
      'a model that is loaded first',
      ['/wrong/', 'loadSerialOe'],
      /serial-oe.loadSerialOe: .*wrong\/tfjs-backend-wasm-simd\.wasm, got HTTP 404/,
    ],
  ])('is told of %s', async (_, job, message) => {
    const [isBackendError, text] = (await open(...job)) as [boolean, string];
    expect(text).toMatch(message);
    expect(text).toContain(
      "\n  import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';\n  setWasmPaths('",
    );
    expect(isBackendError).toBe(true);
  });
});
