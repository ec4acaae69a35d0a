// examples/browser-monitor in Chromium: served from a sub-path, with files, a microphone that plays a WAV, and without a network.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWav, encodeWav, resample } from '@serial-oe/audio-features';
import { synthesizeMachineSounds } from '@serial-oe/datasets';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';
import { serve } from '../backends/web/serve';
import { ROOT } from './repository';
import { runNode, scoreInNode } from './score-in-node';

const EXAMPLE = join(ROOT, 'examples/browser-monitor');
const CLI = join(ROOT, 'packages/cli/dist/cli.js');
const AXE = readFileSync(createRequire(join(EXAMPLE, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8');
/** The rate of Chromium's false microphone, which gives a WAV of that rate as it is, to a tenth of a step of 16 bits. */
const MICROPHONE_RATE = 44_100;
/** Far above what the page takes; a loaded machine is no failure. The figure itself is printed. */
const MAX_TASK_MS = 3000;
const COMPRESSED = JSON.parse(
  readFileSync(join(ROOT, 'packages/audio-features/test/golden/compressed-files.json'), 'utf8'),
) as { files: { name: string; base64: string }[] };

const executablePath = findChromium();
if (executablePath === null)
  process.stderr.write(`SKIPPED the page of examples/browser-monitor: ${NO_CHROMIUM}\n`);
const inChromium = executablePath === null ? describe.skip : describe;

inChromium('the page of examples/browser-monitor', () => {
  let folder: string;
  let demo: { bundle: string; recording: string };
  let server: Awaited<ReturnType<typeof serve>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-page-'));
    const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
    await runNode([tsx, 'main.ts', '--out', join(folder, 'page')], { cwd: EXAMPLE });
    demo = { bundle: join(folder, 'page/demo/demo.serialoe'), recording: join(folder, 'page/demo/demo.wav') };
    writeFileSync(join(folder, 'microphone.wav'), microphoneSound(demo.recording));
    server = await serve({
      texts: {},
      folders: { '/a/sub/path/': join(folder, 'page/') },
      isIsolated: false,
    });
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: [
        ...['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
        `--use-file-for-fake-audio-capture=${join(folder, 'microphone.wav')}`,
      ],
    });
    context = await browser.newContext({ colorScheme: 'light' });
    await context.addInitScript(watchTasks);
    page = await context.newPage();
    page.on('pageerror', ({ message }) => errors.push(message));
    page.setDefaultTimeout(120_000);
    await page.goto(`${server.url}a/sub/path/`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const named = (role: 'button' | 'tab', name: string | RegExp): Locator => page.getByRole(role, { name });
  const download = async (from: Locator): Promise<Buffer> => {
    const [saved] = await Promise.all([page.waitForEvent('download'), from.click()]);
    return readFileSync(await saved.path());
  };
  const open = async (from: Locator, files: Parameters<Locator['setInputFiles']>[0]): Promise<void> => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), from.click()]);
    await chooser.setFiles(files);
  };

  it('plays its demo at one press, with an alarm, and never freezes', async () => {
    await named('button', 'Play the demo').click();
    await page.locator('.status[data-state="normal"]').waitFor();
    await page.evaluate(() => Object.assign(globalThis, { longestTask: 0 })); // from here on it scores
    await page.locator('.status[data-state="alarm"]').waitFor();
    await page.locator('.status[data-state="ended"]').waitFor();
    expect(await page.locator('.live .event').count()).toBe(1);
    expect(await page.locator('.live .event').innerText()).toMatch(/^[\s\S]*10\.0 s · demo recording/);
    const longest = await page.evaluate(() => (globalThis as unknown as { longestTask: number }).longestTask);
    process.stderr.write(`the page while it scored: longest task ${longest.toFixed(0)} ms\n`);
    expect(longest).toBeLessThan(MAX_TASK_MS);
  });

  it('explains the event, names the nearest normal clip, and plays it', async () => {
    await named('button', /^Why\? Explain the event/).click();
    await page.locator('.bars').first().waitFor();
    const text = await page.getByRole('dialog').innerText();
    expect(text).toMatch(
      /\d\.\d to 8\.0 kHz .* louder there than normal; nearest normal clip: normal_id_00_\d+\.wav/,
    );
    await named('button', 'Play the normal clip').click();
    expect(await violations(page)).toEqual([]);
    await named('button', 'Close').click();
  });

  it('scores a recording as Node does', async () => {
    await named('tab', 'Recordings').click();
    await named('button', 'Score the demo recording').click();
    const csv = await download(page.locator('.recording').getByRole('button', { name: 'Save scores (CSV)' }));
    expectSameScores(csv, await scoreInNode(demo.bundle, demo.recording));
    expect(await page.getByRole('img', { name: /Anomalous: 0:10–0:20/ }).count()).toBe(1);
  });

  it('reads FLAC and MP3, and says of each file what is wrong with it', async () => {
    const compressed = (name: string) =>
      Buffer.from(COMPRESSED.files.find((each) => each.name === name)!.base64, 'base64');
    await open(named('button', 'Choose files'), [
      { name: 'short.flac', mimeType: 'audio/flac', buffer: compressed('flac_16_1ch') },
      { name: 'short.mp3', mimeType: 'audio/mpeg', buffer: compressed('mp3_1ch') },
      { name: 'page.wav', mimeType: 'audio/wav', buffer: Buffer.from('<!doctype html><title>404</title>') },
    ]);
    await page.getByText('page.wav cannot be read.').waitFor();
    const alerts = await page.getByRole('alert').innerText();
    expect(alerts).toContain('short.flac is 0.0 s long; this model needs 2 s at least.');
    expect(alerts).toMatch(/short\.mp3 is 0\.\d s long/);
    expect(alerts).toContain('HTML page');
    for (const name of ['short.flac', 'short.mp3'])
      expect(await page.getByRole('heading', { name }).count()).toBe(1);
    const zip = {
      name: 'not-a-model.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK, or so it says'),
    };
    await open(named('button', 'Open bundle'), zip);
    await page.getByText('not-a-model.zip is not a model that can be loaded.').waitFor();
    await page.getByLabel('Compute with').selectOption('webgpu');
    await page.locator('select:enabled').first().waitFor();
  });

  it('hears the microphone: windows score as Node scores what was recorded', async () => {
    await named('tab', 'Live').click();
    await named('button', 'Listen to the microphone').click();
    await page.locator('.status:not([data-state="waiting"]):not([data-state="ended"])').waitFor();
    expect(await page.locator('.status-source').innerText()).toMatch(/, 44\.1 kHz$/);
    await page.waitForTimeout(5000);
    await named('button', 'Stop').click();
    await page.locator('.status[data-state="ended"]').waitFor();
    const live = page.locator('.signal');
    const csv = await download(live.getByRole('button', { name: 'Save scores (CSV)' }));
    const wav = await download(live.getByRole('button', { name: 'Save sound (WAV)' }));
    writeFileSync(join(folder, 'heard.wav'), wav);
    const { sampleRate, channels } = decodeWav(wav);
    expect(sampleRate).toBe(16_000);
    expect(channels[0]!.length / sampleRate).toBeGreaterThan(8);
    expect(csv.toString().trim().split('\n').length).toBeGreaterThan(4);
    expectSameScores(csv, await scoreInNode(demo.bundle, join(folder, 'heard.wav')));
  });

  it('fits a detector for a new machine, which it keeps and the command loads', async () => {
    const [machine] = [...synthesizeMachineSounds({ ...MACHINE, nTrain: 1, nTest: 0, durationSeconds: 60 })];
    const normal = Buffer.from(encodeWav({ sampleRate: 16_000, channels: [machine!.waveform] }));
    await named('tab', 'New machine').click();
    await page.getByLabel('Name of the machine').fill('slider-7');
    await open(named('button', 'From recordings'), {
      name: 'normal.wav',
      mimeType: 'audio/wav',
      buffer: normal,
    });
    await page.getByText('slider-7 is fitted on 15 windows of 4 s, and loaded.').waitFor();
    const bundle = await download(named('button', /^Save bundle$/));
    writeFileSync(join(folder, 'slider-7.serialoe'), bundle);
    const [csv] = await Promise.all([lastScores(), named('tab', 'Recordings').click()]);
    expectSameScores(csv, await scoreInNode(join(folder, 'slider-7.serialoe'), demo.recording));
    const asked = [CLI, 'score', '--model', 'slider-7.serialoe', '--json', demo.recording];
    expect(JSON.parse(await runNode(asked, { cwd: folder }))).toMatchObject([{ isAnomaly: true }]);
  });

  /** Of the demo recording, which another model scores anew. */
  async function lastScores(): Promise<Buffer> {
    const card = page.locator('.recording', { hasText: 'demo.wav' });
    await card.locator('.verdict .badge').waitFor();
    return download(card.getByRole('button', { name: 'Save scores (CSV)' }));
  }

  it('has nothing that axe finds, in light and dark, wide and 360 px, and fits into both', async () => {
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const tab of ['Live', 'Recordings', 'New machine', 'History']) {
        await named('tab', tab).click();
        expect([tab, colorScheme, await violations(page)]).toEqual([tab, colorScheme, []]);
        const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
        expect([tab, scrolled <= width]).toEqual([tab, true]);
      }
    }
  });

  it('goes by the keyboard', async () => {
    await named('tab', 'Live').click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await named('tab', 'New machine').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Home');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-live');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Play the demo');
  });

  it('works without a network, and keeps what it has heard and fitted', async () => {
    const offline = page.locator('#offline');
    for (let i = 0; i < 60 && !/Ready/.test(await offline.innerText()); i++) await page.waitForTimeout(1000);
    expect([await offline.innerText(), await offline.getAttribute('title')]).toEqual([
      'Ready to work offline.',
      null,
    ]);
    await context.setOffline(true);
    server.close();
    await page.reload();
    await named('tab', 'History').click();
    const sessions = page.locator('.history tbody tr');
    await sessions.nth(1).waitFor();
    expect(await sessions.count()).toBe(2); // the demo and the microphone
    await named('tab', 'New machine').click();
    await named('button', 'Load: slider-7').click();
    await page.locator('.model-name', { hasText: 'slider-7' }).waitFor();
    await named('button', 'Use demo model').click();
    await page.locator('.model-name', { hasText: 'Demo' }).waitFor();
    await named('tab', 'Recordings').click();
    await named('button', 'Score the demo recording').click();
    expectSameScores(await lastScores(), await scoreInNode(demo.bundle, demo.recording));
    expect(errors).toEqual([]);
  });

  it('says that the microphone is blocked', async () => {
    const strict = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    const again = await serve({ texts: {}, folders: { '/a/': join(folder, 'page/') }, isIsolated: false });
    try {
      const other = await strict.newPage();
      await other.goto(`${again.url}a/`);
      await other.getByRole('tab', { name: 'New machine' }).click();
      await other.getByLabel('Name of the machine').fill('pump-3');
      await other.getByRole('button', { name: 'Record two minutes' }).click();
      await other.getByText(/The microphone is blocked|There is no microphone/).waitFor();
    } finally {
      await strict.close();
      again.close();
    }
  });
});

/** One of another type than the demo's. */
const MACHINE = { machineTypes: ['slider'] as const, nIds: 1, snrDb: 12, clipSpread: 0.3, seed: 5 };

/** The demo's recording at the rate of the microphone. */
function microphoneSound(path: string): Uint8Array {
  const { sampleRate, channels } = decodeWav(readFileSync(path));
  const sound = resample(channels[0]!, sampleRate, MICROPHONE_RATE);
  return encodeWav({ sampleRate: MICROPHONE_RATE, channels: [sound] });
}

/** Runs in the page, before anything else. */
function watchTasks(): void {
  const page = globalThis as unknown as { longestTask: number };
  page.longestTask = 0;
  const note = (list: PerformanceObserverEntryList) => {
    for (const { duration } of list.getEntries()) page.longestTask = Math.max(page.longestTask, duration);
  };
  new PerformanceObserver(note).observe({ type: 'longtask' });
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const found = (await axe.run()).violations;
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}
interface Violation {
  id: string;
  nodes: { html: string }[];
}

function expectSameScores(csv: Buffer, expected: { time: number; anomalyScore: number }[]): void {
  const rows = csv
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  expect(rows.length).toBe(expected.length);
  for (const [i, { time, anomalyScore }] of expected.entries()) {
    expect(rows[i]![0]).toBeCloseTo(time, 6);
    expect(Math.abs(rows[i]![2]! - anomalyScore) / Math.max(1, Math.abs(anomalyScore))).toBeLessThan(1e-4);
  }
}
