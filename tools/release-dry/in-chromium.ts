import { type Browser, chromium } from 'playwright-core';
import { serve } from '../backends/web/serve';

const TIMEOUT_MS = 120_000;

/** Opens a folder as a page in Chromium; resolves with its title, once the page has set one, and with what it wrote to the console. */
export async function titleInChromium(folder: string, executablePath: string): Promise<string> {
  const server = await serve({ texts: {}, folders: { '/': folder }, isIsolated: false });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] }); // a container has none
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${server.url}index.html`);
    await page
      .waitForFunction(() => document.title !== '', undefined, { timeout: TIMEOUT_MS })
      .catch(() => {
        throw new Error(`The page did not finish within ${TIMEOUT_MS / 1000} s.\n${complaints.join('\n')}`);
      });
    if (complaints.length > 0) throw new Error(`The page complained:\n${complaints.join('\n')}`);
    return await page.title();
  } finally {
    await browser?.close();
    server.close();
  }
}
