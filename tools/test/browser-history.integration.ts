// The history of examples/browser-monitor in Chromium's IndexedDB: what a page writes that listens for a day.
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';
import { serve } from '../backends/web/serve';
import { ROOT } from './repository';

const DAY_SECONDS = 86_400;
/** Ten windows and the line of the session; a day's windows are 12 MB. */
const MAX_BYTES_AT_ONCE = 3000;
const PAGE = `
  import { Store } from './src/store';
  import { EventList } from './src/views/event-list';
  import { LiveSession } from './src/views/live-session';
  Object.assign(globalThis, { Store, EventList, LiveSession, written: [] });
  for (const name of ['put', 'add']) {
    const write = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (value) {
      written.push({ store: this.name, bytes: JSON.stringify(value).length });
      return write.call(this, value);
    };
  }
  globalThis.score = (i) => ({
    ...{ time: i, endTime: i + 2, anomalyScore: Math.sin(i) - 3, threshold: 1.5 },
    ...{ severity: 40 + (i % 7), isAnomaly: false, isUnlikeTraining: false },
  });
  globalThis.appWith = (store) => ({ store, facts: { name: 'fan' }, machineId: '00' });
`;

/** What PAGE gives the functions that run in the page. */
interface Shelf {
  Store: new (onFailed: () => void) => Kept;
  EventList: new (app: unknown) => { root: HTMLElement; add(event: unknown): void };
  LiveSession: new (
    app: unknown,
    source: string,
  ) => { windows: unknown[]; addScore(score: unknown): void; end(): Promise<void> };
  written: { store: string; bytes: number }[];
  score(i: number): unknown;
  appWith(store: Kept): unknown;
}
interface Kept {
  appendScores(of: object, windows: unknown[]): Promise<boolean>;
  sessions(): Promise<{ startedAt: number; nWindows: number; peak: number | null; source: string }[]>;
  scoresOf(startedAt: number): Promise<{ time: number }[]>;
  clearHistory(): Promise<void>;
}

const executablePath = findChromium();
if (executablePath === null)
  process.stderr.write(`SKIPPED the history of examples/browser-monitor: ${NO_CHROMIUM}\n`);
const inChromium = executablePath === null ? describe.skip : describe;

inChromium('the history of examples/browser-monitor', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: PAGE, resolveDir: join(ROOT, 'examples/browser-monitor'), loader: 'ts' },
      ...{ bundle: true, write: false, format: 'esm', platform: 'browser' },
      conditions: ['@serial-oe/source'],
    });
    const html = '<!doctype html><title></title><script type="module" src="page.js"></script>';
    const texts = { '/': html, '/empty': '<!doctype html>', '/page.js': outputFiles[0]!.text };
    server = await serve({ texts, folders: {}, isIsolated: false });
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage(); // with a database of its own
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('writes what is new alone, be it the first minute or the end of a day', async () => {
    await page.goto(server.url);
    const { written, sessions, times } = await page.evaluate(async (nWindows) => {
      const shelf = globalThis as unknown as Shelf;
      const store = new shelf.Store(() => {
        throw new Error('nothing is kept');
      });
      const session = new shelf.LiveSession(shelf.appWith(store), 'microphone');
      for (let i = 0; i < nWindows; i++) {
        session.addScore(shelf.score(i));
        if (i % 600 === 0) await new Promise((resolve) => setTimeout(resolve)); // as time goes by
      }
      await session.end();
      const kept = await store.sessions();
      const scores = await store.scoresOf(kept[0]!.startedAt);
      return { written: shelf.written, sessions: kept, times: scores.map(({ time }) => time) };
    }, DAY_SECONDS);
    expect(sessions).toMatchObject([{ source: 'microphone', nWindows: DAY_SECONDS, peak: 46 }]);
    expect(times).toEqual(Array.from({ length: DAY_SECONDS }, (_, i) => i));
    const scores = written.filter(({ store }) => store === 'scores').map(({ bytes }) => bytes);
    expect(scores.length).toBeGreaterThanOrEqual(DAY_SECONDS / 600);
    const total = written.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total).toBeLessThan(DAY_SECONDS * 200); // each window once
  });

  it('writes ten windows every ten seconds', async () => {
    await page.goto(server.url);
    const written = await page.evaluate(async () => {
      const shelf = globalThis as unknown as Shelf;
      const store = new shelf.Store(() => {});
      const session = new shelf.LiveSession(shelf.appWith(store), 'microphone');
      for (let i = 0; i < 3600; i++) {
        session.addScore(shelf.score(i));
        if (i % 10 === 9) await store.sessions(); // what was begun before is done then
      }
      return shelf.written;
    });
    expect(written.length).toBeGreaterThan(600); // scores and session, 360 times
    expect(Math.max(...written.map(({ bytes }) => bytes))).toBeLessThan(MAX_BYTES_AT_ONCE);
  });

  it('goes on where the history is deleted meanwhile, and tries again what was refused', async () => {
    await page.goto(server.url);
    const found = await page.evaluate(async () => {
      const shelf = globalThis as unknown as Shelf;
      const store = new shelf.Store(() => {});
      const session = new shelf.LiveSession(shelf.appWith(store), 'demo');
      const listen = async (from: number, to: number) => {
        for (let i = from; i < to; i++) session.addScore(shelf.score(i));
        await session.end();
      };
      await listen(0, 20);
      await store.clearHistory();
      const { appendScores } = store;
      store.appendScores = async () => false; // a full disk
      await listen(20, 40);
      store.appendScores = appendScores;
      await listen(40, 60);
      const [kept] = await store.sessions();
      return { kept, times: (await store.scoresOf(kept!.startedAt)).map(({ time }) => time) };
    });
    expect(found.kept).toMatchObject({ nWindows: 40 });
    expect(found.times).toEqual(Array.from({ length: 40 }, (_, i) => 20 + i));
  });

  it('keeps 200 sessions, and the scores of no other', async () => {
    await page.goto(server.url);
    const found = await page.evaluate(async () => {
      const shelf = globalThis as unknown as Shelf;
      const store = new shelf.Store(() => {});
      const facts = { source: 'demo', model: 'fan', machineId: '00' };
      for (let i = 1; i <= 203; i++) await store.appendScores({ startedAt: i, ...facts }, [shelf.score(i)]);
      const kept = (await store.sessions()).map(({ startedAt }) => startedAt);
      return { kept, gone: (await store.scoresOf(3)).length, first: (await store.scoresOf(4)).length };
    });
    expect(found.kept).toEqual(Array.from({ length: 200 }, (_, i) => 203 - i));
    expect([found.gone, found.first]).toEqual([0, 1]);
  });

  it('says that nothing is kept any more where a newer page needs the database in another form', async () => {
    await page.goto(server.url);
    const found = await page.evaluate(async () => {
      const shelf = globalThis as unknown as Shelf;
      let nTold = 0;
      const store = new shelf.Store(() => {
        nTold++;
      });
      const facts = { startedAt: 1, source: 'demo', model: 'fan', machineId: '00' };
      const before = await store.appendScores(facts, [shelf.score(0)]);
      await new Promise<void>((resolve, reject) => {
        const asked = indexedDB.open('serial-oe-monitor', 99);
        asked.onsuccess = () => resolve();
        asked.onerror = () => reject(asked.error);
      });
      const after = await store.appendScores(facts, [shelf.score(1)]);
      return { before, after, sessions: await store.sessions(), nTold };
    });
    expect(found).toEqual({ before: true, after: false, sessions: [], nTold: 2 });
  });

  it('takes over what an earlier page kept', async () => {
    await page.goto(`${server.url}empty`);
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const asked = indexedDB.open('serial-oe-monitor', 1);
          asked.onupgradeneeded = () => {
            for (const [name, keyPath] of [
              ['models', 'name'],
              ['sessions', 'startedAt'],
              ['events', 'startedAt'],
            ] as const)
              asked.result.createObjectStore(name, { keyPath });
            const windows = [1.5, 4.5, 2.5].map((anomalyScore, time) => ({
              ...{ time, endTime: time + 2, anomalyScore, threshold: 3, severity: null },
              ...{ isAnomaly: anomalyScore > 3, isUnlikeTraining: false },
            }));
            const facts = { startedAt: 7, source: 'demo', model: 'fan', machineId: '00' };
            asked.transaction!.objectStore('sessions').put({ ...facts, windows });
          };
          asked.onsuccess = () => {
            asked.result.close();
            resolve();
          };
        }),
    );
    await page.goto(server.url);
    const found = await page.evaluate(async () => {
      const store = new (globalThis as unknown as Shelf).Store(() => {});
      return { sessions: await store.sessions(), scores: await store.scoresOf(7) };
    });
    const facts = { startedAt: 7, source: 'demo', model: 'fan', machineId: '00' };
    expect(found.sessions).toEqual([{ ...facts, nWindows: 3, peak: 4.5 }]);
    expect(found.scores).toMatchObject([{ time: 0 }, { time: 1, anomalyScore: 4.5 }, { time: 2 }]);
  });

  it('shows 200 events with their sounds and forgets older ones', async () => {
    await page.goto(server.url);
    const times = await page.evaluate(() => {
      const list = new (globalThis as unknown as Shelf).EventList({});
      const facts = { source: 'demo', seconds: 3, peakScore: 4, peakSeverity: 80, wav: new Uint8Array(4) };
      for (let i = 1; i <= 203; i++) list.add({ ...facts, startedAt: 1000 * i });
      return Array.from(list.root.querySelectorAll('time'), ({ dateTime }) => Date.parse(dateTime));
    });
    expect(times.length).toBe(200);
    expect([times[0], times.at(-1)]).toEqual([203_000, 4000]);
  });
});
