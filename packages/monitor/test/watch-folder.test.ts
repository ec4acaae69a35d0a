import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WatchFolderOptions, watchFolder } from '../src/node';

const STATE = '.serial-oe-watch.json';
let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const stateFiles = () => JSON.parse(readFileSync(at(STATE), 'utf8')).files;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Watches the folder; a recording whose text is `broken` cannot be read. */
function start(options: Partial<WatchFolderOptions<string>> = {}) {
  const stop = new AbortController();
  const [told, unreadable, messages, scored]: string[][] = [[], [], [], []];
  const watching = watchFolder<string>({
    folder,
    score: async ({ path, names }) => {
      scored!.push(names.join('/'));
      const text = readFileSync(path, 'utf8');
      return text === 'broken'
        ? { error: new Error(`${names.at(-1)} is broken`) }
        : { result: `${names.join('/')}=${text}` };
    },
    tell: (result) => told!.push(result),
    onUnreadable: (message) => unreadable!.push(message),
    onMessage: (message) => messages!.push(message),
    ...{ settleSeconds: 0.2, pollSeconds: 0.03, signal: stop.signal },
    ...options,
  });
  return {
    ...{ told: told!, unreadable: unreadable!, messages: messages!, scored: scored!, watching },
    async end() {
      stop.abort();
      await watching;
    },
    async until(isTrue: () => boolean) {
      for (let i = 0; i < 500 && !isTrue(); i++) await sleep(20);
      expect(isTrue()).toBe(true);
    },
  };
}

describe('watchFolder', () => {
  it('scores each recording once, in subfolders too, as they come, and over restarts', async () => {
    writeFileSync(at('a.wav'), '1');
    writeFileSync(at('notes.txt'), 'no recording');
    const first = start();
    await first.until(() => first.told.length === 1);
    mkdirSync(at('monday'));
    writeFileSync(at('monday', 'b.wav'), '2');
    await first.until(() => first.told.length === 2);
    await sleep(300);
    await first.end();
    expect(first.told).toEqual(['a.wav=1', 'monday/b.wav=2']);
    writeFileSync(at('c.wav'), '3');
    const second = start({ isOnce: true });
    await second.watching;
    expect([second.told, second.scored]).toEqual([['c.wav=3'], ['c.wav']]);
  });

  it('leaves a recording that still grows, and scores it when it is done', async () => {
    const watch = start({ settleSeconds: 1 });
    for (let i = 0; i < 20; i++) {
      appendFileSync(at('growing.wav'), 'x');
      await sleep(30);
      expect(watch.scored).toEqual([]);
    }
    await watch.until(() => watch.told.length === 1);
    await watch.end();
    expect(watch.told).toEqual([`growing.wav=${'x'.repeat(20)}`]);
  });

  it('names what still grows at the end of a single pass, and does not score it', async () => {
    writeFileSync(at('growing.wav'), 'x');
    const watch = start({ isOnce: true, settleSeconds: 1 });
    await sleep(200);
    appendFileSync(at('growing.wav'), 'x');
    await watch.watching;
    expect([watch.told, watch.messages]).toEqual([
      [],
      ['still growing, left for the next time: growing.wav'],
    ]);
  });

  it('discards the score of a recording that changed while it was read', async () => {
    writeFileSync(at('a.wav'), '1');
    let nScored = 0;
    const watch = start({
      score: async ({ path }) => {
        const result = readFileSync(path, 'utf8');
        if (nScored++ === 0) appendFileSync(path, '2');
        return { result };
      },
    });
    await watch.until(() => watch.told.length === 1);
    await watch.end();
    expect([watch.told, nScored]).toEqual([['12'], 2]);
  });

  it('tells once of a recording that cannot be read, and tries it again only when it has changed', async () => {
    writeFileSync(at('a.wav'), 'broken');
    const first = start();
    await first.until(() => first.unreadable.length === 1);
    await sleep(400);
    await first.end();
    expect([first.scored, first.unreadable]).toEqual([['a.wav'], ['a.wav is broken']]);
    const second = start();
    await sleep(400);
    writeFileSync(at('a.wav'), 'whole now');
    await second.until(() => second.told.length === 1);
    await second.end();
    expect([second.scored, second.unreadable]).toEqual([['a.wav'], []]);
  });

  it('tries again at the next start what could not be read for a reason that is not its own', async () => {
    writeFileSync(at('a.flac'), '1');
    const score = async () => ({ error: new Error('no decoder'), isPassing: true });
    const first = start({ score });
    await first.until(() => first.unreadable.length === 1);
    await sleep(400);
    await first.end();
    expect(first.unreadable).toEqual(['no decoder']);
    const second = start({ isOnce: true });
    await second.watching;
    expect(second.told).toEqual(['a.flac=1']);
  });

  it('tells what was scored but not told before a kill, without scoring it again', async () => {
    writeFileSync(at('a.wav'), '1');
    const killed = start({
      tell: () => {
        throw new Error('killed');
      },
    });
    await expect(killed.watching).rejects.toThrow('killed');
    expect(stateFiles()['a.wav'].untold).toEqual({ result: 'a.wav=1' });
    const next = start({ isOnce: true });
    await next.watching;
    expect([next.told, next.scored]).toEqual([['a.wav=1'], []]);
    expect(stateFiles()['a.wav']).not.toHaveProperty('untold');
  });

  it('waits for a folder that is away for a while, and scores nothing twice when it is back', async () => {
    const stateFile = `${folder}-state.json`;
    writeFileSync(at('a.wav'), '1');
    const watch = start({ stateFile });
    await watch.until(() => watch.told.length === 1);
    renameSync(folder, `${folder}-away`);
    await watch.until(() => watch.messages.length === 1);
    mkdirSync(folder); // the empty place of a share
    await sleep(100);
    rmSync(folder, { recursive: true });
    renameSync(`${folder}-away`, folder);
    writeFileSync(at('b.wav'), '2');
    await watch.until(() => watch.told.length === 2);
    await watch.end();
    rmSync(stateFile);
    expect(watch.scored).toEqual(['a.wav', 'b.wav']);
    expect(watch.messages[0]).toMatch(/^waiting for the folder: /);
  });

  it('refuses a second watch of the same state, and not one after the first has ended', async () => {
    writeFileSync(at('a.wav'), '1');
    const first = start();
    await first.until(() => first.told.length === 1);
    await expect(start().watching).rejects.toThrow(/must be of no other watch that runs/);
    const other = start({ stateFile: at('other.json') });
    await other.until(() => other.told.length === 1);
    await other.end();
    await first.end();
    const again = start();
    writeFileSync(at('b.wav'), '2');
    await again.until(() => again.told.length === 1);
    await again.end();
    expect(again.told).toEqual(['b.wav=2']);
  });

  it('refuses a folder that is not there, a state file that is none, and wrong options', async () => {
    await expect(start({ folder: at('nowhere') }).watching).rejects.toThrow(/nowhere/);
    expect(existsSync(at('nowhere'))).toBe(false);
    writeFileSync(at(STATE), '{"kind":"monitorState","version":1}');
    await expect(start().watching).rejects.toThrow(/the state file .*kind must be 'watchState'/);
    await expect(start({ pollSeconds: 0 }).watching).rejects.toThrow(/pollSeconds must be/);
  });

  it('what the scoring throws ends it, and the recording is scored the next time', async () => {
    writeFileSync(at('a.wav'), '1');
    const score = () => Promise.reject(new Error('no memory'));
    await expect(start({ score }).watching).rejects.toThrow('no memory');
    const next = start({ isOnce: true });
    await next.watching;
    expect(next.told).toEqual(['a.wav=1']);
  });
});
