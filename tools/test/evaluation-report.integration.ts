// The report of `serial-oe evaluate`, written by the built command, opened in Chromium as wide as a phone, a laptop and a desk.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';

const CLI = join(__dirname, '../../packages/cli/dist/cli.js');
const WIDTHS = [500, 1100, 1600];
const SCHEMES = ['light', 'dark'] as const;
/** Of WCAG 2.2, for text of usual size. */
const LEAST_CONTRAST = 4.5;

const executablePath = findChromium();
if (executablePath === null) process.stderr.write(`SKIPPED the report in Chromium: ${NO_CHROMIUM}\n`);
(executablePath === null ? describe.skip : describe)('the report of an evaluation in a browser', () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-report-'));
    const run = (...args: string[]) => {
      const { status, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect([status, stderr.replace(/^(?!error).*\n/gm, '')]).toEqual([0, '']);
    };
    const sounds = ['--types', 'fan', '--ids', '2', '--train', '6', '--test', '10', '--seconds', '3'];
    run('synth', '--out', 'sounds', ...sounds, '--severity', '0.3');
    run('train', '--data', 'sounds', '--machine-type', 'fan', '--system', 'mel-statistics', '--out', 'model');
    const asked = ['--false-alarm-rate', '20%', '--report', 'report.html'];
    run('evaluate', '--model', 'model', '--data', 'sounds', ...asked);
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: number, colorScheme: (typeof SCHEMES)[number]): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const address = pathToFileURL(join(folder, 'report.html')).href;
    await page.goto(address);
    expect(requests.filter((url) => url !== address && !url.startsWith('data:'))).toEqual([]);
    await page.evaluate(() => {
      for (const each of Array.from(document.querySelectorAll('details'))) each.open = true;
    });
    return page;
  }

  describe.each(WIDTHS)('%i pixels wide', (width) => {
    it.each(SCHEMES)('fits in, covers nothing and can be read: %s', async (scheme) => {
      const page = await open(width, scheme);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(overlaps)).toEqual([]);
      const texts = await page.evaluate(textContrasts);
      expect(texts.length).toBeGreaterThan(100);
      expect(texts.filter(({ contrast }) => contrast < LEAST_CONTRAST)).toEqual([]);
      await page.close();
    });
  });

  it('lays pictures side by side where there is room, and below each other where there is none', async () => {
    const columns = async (width: number) => {
      const page = await open(width, 'light');
      const lefts = await page.evaluate(() =>
        Array.from(document.querySelectorAll('.columns-3 figure')).map(
          (each) => each.getBoundingClientRect().left,
        ),
      );
      await page.close();
      return new Set(lefts).size;
    };
    expect(await Promise.all(WIDTHS.map(columns))).toEqual([1, 3, 3]);
  });

  it('answers first, explains mistakes, and folds the rest', async () => {
    const page = await open(1100, 'light');
    const headings = await page.locator('h2').allTextContents();
    expect(headings.slice(0, 3)).toEqual(['Verdict', 'Every clip', 'Missed faults']);
    expect(await page.locator('details > summary').allTextContents()).toEqual(['All clips', 'Provenance']);
    const explained = page.locator('section section').first();
    expect(await explained.locator('figcaption').allTextContents()).toEqual([
      'The sound',
      'Louder (red) and quieter (blue) than the mean normal clip',
      'What each part adds to the score',
    ]);
    expect(await explained.textContent()).toMatch(
      /Severity [\d.]+ \(threshold at 50\).*nearest normal clip: normal_id_\d+/s,
    );
    expect(await page.locator('script').count()).toBe(0);
    await page.close();
  });
});

/** Runs in the page: pairs of blocks of which one covers the other. */
function overlaps(): string[] {
  const blocks = Array.from(document.querySelectorAll('h1, h2, h3, p, figure, .scroll, .highlights > div'));
  const shown = blocks.map((each) => each.getBoundingClientRect());
  return blocks.flatMap((block, i) =>
    blocks.slice(0, i).flatMap((other, j) => {
      const [a, b] = [shown[i]!, shown[j]!];
      const isApart =
        a.left >= b.right - 1 || b.left >= a.right - 1 || a.top >= b.bottom - 1 || b.top >= a.bottom - 1;
      return isApart || block.contains(other) || other.contains(block)
        ? []
        : [`${block.textContent?.slice(0, 40)} / ${other.textContent?.slice(0, 40)}`];
    }),
  );
}

/** Runs in the page: how far each text stands out from what is behind it, by WCAG's formula. */
function textContrasts(): { text: string; contrast: number }[] {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = channels(color)
      .slice(0, 3)
      .map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const background = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    const alpha = channels(backgroundColor)[3] ?? 1;
    return alpha > 0 ? backgroundColor : background(element.parentElement);
  };
  const texts = Array.from(
    document.querySelectorAll('h1, h2, h3, p, a, td, th, caption, dt, dd, figcaption, summary, text'),
  );
  return texts
    .filter((each) => each.textContent?.trim())
    .map((each) => {
      const { color, fill } = getComputedStyle(each);
      const [a, b] = [luminance(each.tagName === 'text' ? fill : color), luminance(background(each))];
      return {
        text: each.textContent!.trim().slice(0, 40),
        contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
      };
    });
}
