// The documentation as a site: built as `npm run docs` builds it, which fails for a dead link, and looked at in Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';
import { ROOT } from './repository';

const TIMEOUT_MS = 600_000;
const SITE = join(ROOT, 'docs', '.vitepress', 'dist');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

const executablePath = findChromium();
if (executablePath === null) process.stderr.write(`SKIPPED the site in a browser: ${NO_CHROMIUM}.\n`);
const inBrowser = executablePath === null ? it.skip : it;

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'docs'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run docs ended with ${status}\n${stdout}${stderr}`);
}, TIMEOUT_MS);

it('has a page for the guide, for packages and for their API, with the examples that use it', () => {
  for (const page of ['index', 'method', 'packages/gmm/index', 'contributing', 'api/gmm'])
    expect([page, existsSync(join(SITE, `${page}.html`))]).toEqual([page, true]);
  const api = readFileSync(join(SITE, 'api', 'gmm.html'), 'utf8');
  expect(api).toContain('GaussianMixture');
  expect(api).toContain('examples/outliers-in-sensor-data/main.ts');
});

describe('in Chromium', () => {
  let server: Server;
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    if (executablePath === null) return;
    server = await serveSite();
    url = `http://localhost:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    server?.closeAllConnections();
  });

  /** A page, and all that went wrong on it. */
  async function open(path: string): Promise<{ page: Page; faults: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on(
      'response',
      (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`),
    );
    page.on('request', (request) => request.url().startsWith(url) || faults.push(`asks ${request.url()}`));
    await page.goto(`${url}${path}`, { waitUntil: 'networkidle' });
    return { page, faults };
  }

  inBrowser(
    'the start page leads to the others, without a fault',
    async () => {
      const { page, faults } = await open('/');
      expect(await page.locator('h1').first().innerText()).toContain('Serial-OE');
      await page.locator('.VPNavBar a', { hasText: 'Guide' }).click();
      await page.waitForURL('**/my-first-machine');
      await page.locator('.VPSidebar a', { hasText: 'The method' }).click();
      await page.waitForURL('**/method');
      await page.waitForFunction(() => document.querySelector('h1')?.textContent?.startsWith('The method'));
      await page.locator('.VPNavBar a', { hasText: 'Examples' }).click();
      await page.waitForURL('**/examples-gallery');
      await page.locator('.VPSidebar a', { hasText: 'gmm-alone' }).waitFor(); // the list of examples, not the guide's
      expect(faults).toEqual([]);
      await page.close();
    },
    TIMEOUT_MS,
  );

  inBrowser(
    'the search finds a word',
    async () => {
      const { page, faults } = await open('/');
      await page.keyboard.press('Control+k');
      await page.locator('.VPLocalSearchBox input').fill('threshold');
      const results = page.locator('.VPLocalSearchBox .result');
      await results.first().waitFor();
      expect(await results.count()).toBeGreaterThan(3);
      await results.first().click();
      await page.waitForFunction(() => document.querySelector('.vp-doc')?.textContent?.includes('threshold'));
      expect(faults).toEqual([]);
      await page.close();
    },
    TIMEOUT_MS,
  );

  inBrowser(
    'all pictures are there, and no page is wider than a telephone',
    async () => {
      const { page, faults } = await open('/report');
      await page.setViewportSize({ width: 360, height: 780 });
      const paths = pathsOfSite();
      expect(paths.length).toBeGreaterThan(100);
      for (const path of paths) {
        await page.goto(`${url}${path}`);
        const seen = await page.evaluate(async () => {
          const broken: string[] = [];
          for (const image of Array.from(document.images)) {
            image.loading = 'eager';
            await image.decode().catch(() => broken.push(image.src));
          }
          return { broken, isTooWide: document.documentElement.scrollWidth > innerWidth };
        });
        expect([path, seen]).toEqual([path, { broken: [], isTooWide: false }]);
      }
      expect(faults).toEqual([]);
      await page.close();
    },
    TIMEOUT_MS,
  );
});

/** The address of every page. */
function pathsOfSite(): string[] {
  const files = readdirSync(SITE, { recursive: true, encoding: 'utf8' });
  const pages = files.filter((file) => file.endsWith('.html') && file !== '404.html');
  return pages.map((file) => `/${file.replaceAll('\\', '/').replace(/(?:index)?\.html$/, '')}`);
}

/** The built site as a web host serves it: an address without an ending is that of an HTML file. */
async function serveSite(): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const names = [path, `${path}.html`, join(path, 'index.html')].map((name) => join(SITE, name));
    const file = names.find((name) => extname(name) !== '' && existsSync(name));
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': TYPES[extname(file ?? '')] ?? 'application/octet-stream',
    });
    response.end(file === undefined ? '' : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
