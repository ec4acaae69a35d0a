import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@serial-oe/foundation';
import { createFileAccess } from '../src/node/files/file-access';
import { writingProcess } from './support/writing-process-file';

const N_KILLS = 12;

describe('a process that is killed while it replaces what is there', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'serial-oe-kill-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Kills the process at a random moment of its writing. */
  async function writeAndKill(kind: 'folder' | 'file', path: string, milliseconds: number): Promise<void> {
    const child = fork(writingProcess(), [kind, path], { execArgv: [] });
    await new Promise((resolve) => child.once('message', resolve));
    await sleep(milliseconds);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }

  const isOfOneVersion = (...contents: Buffer[]) => {
    const all = Buffer.concat(contents);
    return all.length === 100_000 * contents.length && all.every((byte) => byte === all[0]);
  };

  it.each(['folder', 'file'] as const)('leaves a whole %s, and what it left goes', async (kind) => {
    const random = seededRandom(kind === 'folder' ? 1 : 2);
    const files = createFileAccess();
    const path = join(root, 'model');
    const bytes = new Uint8Array(100_000);
    if (kind === 'file') await files.writeFile(path, bytes);
    else await files.writeFolder(path, new Map(['a', 'b'].map((name) => [name, bytes])));
    for (let i = 0; i < N_KILLS; i++) {
      await writeAndKill(kind, path, 5 + random() * 60);
      expect(await files.exists(path)).toBe(true);
      const whole =
        kind === 'file' ? [readFileSync(path)] : ['a', 'b'].map((name) => readFileSync(join(path, name)));
      expect(isOfOneVersion(...whole)).toBe(true);
    }
    if (kind === 'file') await files.writeFile(path, bytes);
    else await files.writeFolder(path, new Map([['a', bytes]]));
    expect(readdirSync(root)).toEqual(['model']);
    expect(existsSync(path)).toBe(true);
  });
});
