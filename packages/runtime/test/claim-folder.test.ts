import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderInUseError } from '../src/errors';
import { claimFolder } from '../src/node/files/claim-folder';
import { keepLease, LEASE_MS } from '../src/node/files/lease';
import { temporaryName } from '../src/node/files/temporary-files';

describe('claimFolder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'serial-oe-lock-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** No process has this number: Linux ends at 2 ** 22. */
  const GONE = 2 ** 30;
  const claimed = (owner: object | string) => {
    const folder = join(root, 'model.checkpoint');
    mkdirSync(folder);
    const text = typeof owner === 'string' ? owner : JSON.stringify(owner);
    writeFileSync(join(folder, 'running.json'), text);
    return folder;
  };

  const lockOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8'));
  const age = (folder: string, milliseconds: number) => {
    const seconds = (Date.now() - milliseconds) / 1000;
    utimesSync(join(folder, 'running.json'), seconds, seconds);
  };

  it('keeps others out until it is given back, and leaves nothing', async () => {
    const folder = join(root, 'model.checkpoint');
    const release = await claimFolder(folder, 'serial-oe train');
    await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(FolderInUseError);
    await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(
      new RegExp(`process ${process.pid} on .* works there`),
    );
    await release();
    expect(existsSync(folder)).toBe(false);
    await (await claimFolder(folder, 'serial-oe train'))();
  });

  it('leaves a checkpoint where it is', async () => {
    const folder = join(root, 'model.checkpoint');
    const release = await claimFolder(folder, 'serial-oe train');
    writeFileSync(join(folder, 'checkpoint.safetensors'), 'x');
    await release();
    expect(existsSync(join(folder, 'running.json'))).toBe(false);
    expect(readFileSync(join(folder, 'checkpoint.safetensors'), 'utf8')).toBe('x');
  });

  it.each([
    ['a process that is no more', { pid: GONE, host: hostname() }],
    ['a claim that was cut off', '{"pid": 1'],
    ['a claim of nobody', '{}'],
    ['a claim that is no text', '\0\0\0\0'],
    [
      'a process whose number another one has now',
      { pid: process.pid, host: hostname(), start: 'earlier', space: null },
    ],
  ])('takes over %s', async (_, owner) => {
    const folder = claimed(owner);
    const release = await claimFolder(folder, 'serial-oe train');
    expect(lockOf(folder)).toMatchObject({ pid: process.pid, host: hostname() });
    expect(readdirSync(folder)).toEqual(['running.json']);
    await release();
  });

  it('believes a process whose number and start are those of a running one', async () => {
    const release = await claimFolder(join(root, 'mine'), 'serial-oe train');
    const { start, space } = lockOf(join(root, 'mine'));
    await release();
    const folder = claimed({ pid: process.pid, host: hostname(), start, space });
    await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(/works there\. Wait for it/);
  });

  it('takes over a process that has ended, though its parent did not notice yet', async () => {
    // The shell's child ends at once; the shell becomes a program that never asks for it.
    const parent = spawn('sh', ['-c', 'sh -c "echo \\$\\$" & exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      expect(pid).toBeGreaterThan(1);
      await sleep(100);
      await (await claimFolder(claimed({ pid, host: hostname() }), 'serial-oe train'))();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  describe('of another machine', () => {
    it.each([
      ['another host', { pid: GONE, host: 'elsewhere' }],
      ['a container of the same name', { pid: GONE, host: hostname(), start: '1', space: 'another kernel' }],
    ])('is believed while its time stamp is renewed: %s', async (_, owner) => {
      const folder = claimed(owner);
      const attempt = claimFolder(folder, 'serial-oe train');
      await expect(attempt).rejects.toThrow(FolderInUseError);
      await expect(attempt).rejects.toThrow(
        /works there \(its last sign of life is \d s old\)\. .*try again in 10 min or remove .*running\.json/,
      );
      age(folder, LEASE_MS - 60_000);
      await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(/try again in [12] min/);
      age(folder, LEASE_MS + 60_000);
      const release = await claimFolder(folder, 'serial-oe train');
      expect(lockOf(folder)).toMatchObject({ pid: process.pid });
      await release();
      expect(existsSync(folder)).toBe(false);
    });

    it.each(['plant\nerror: all is well', 'plant\u001b[2J', 'plant\u202e'])(
      'is named on one line: %j',
      async (host) => {
        const error = await claimFolder(claimed({ pid: GONE, host }), 'serial-oe train').catch(
          (reason) => reason,
        );
        expect(error).toBeInstanceOf(FolderInUseError);
        expect(error.message).toMatch(/on plant\\u.* works there/);
        expect(error.message).not.toMatch(/[\p{Cc}\u202e]/u);
      },
    );
  });

  it('is taken over by one of many', async () => {
    for (const owner of [{ pid: GONE, host: hostname() }, '{"pid": 1']) {
      const folder = claimed(owner);
      const attempts = await Promise.allSettled(
        Array.from({ length: 20 }, () => claimFolder(folder, 'serial-oe train')),
      );
      const won = attempts.filter((attempt) => attempt.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const attempt of attempts)
        if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(FolderInUseError);
      expect(readdirSync(folder)).toEqual(['running.json']);
      for (const { value: release } of won) await release();
      expect(existsSync(folder)).toBe(false);
    }
  });

  it('is taken over past a process that was killed in the moment of a take-over', async () => {
    const folder = claimed({ pid: GONE, host: hostname() });
    writeFileSync(join(folder, 'running.takeover.json'), JSON.stringify({ pid: GONE, host: hostname() }));
    const release = await claimFolder(folder, 'serial-oe train');
    expect(readdirSync(folder)).toEqual(['running.json']);
    await release();
  });

  it('does not give back what another process has taken over', async () => {
    const folder = join(root, 'model.checkpoint');
    const release = await claimFolder(folder, 'serial-oe train');
    writeFileSync(join(folder, 'running.json'), JSON.stringify({ pid: 1, host: 'elsewhere' }));
    await release();
    expect(lockOf(folder)).toEqual({ pid: 1, host: 'elsewhere' });
  });

  it("is renewed while the main thread is busy, and never another process's claim", async () => {
    const path = join(root, 'running.json');
    writeFileSync(path, 'mine');
    const stop = keepLease(path, 'mine', { renewMs: 20 });
    await sleep(200); // the thread starts
    utimesSync(path, 0, 0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    expect(Date.now() - statSync(path).mtimeMs).toBeLessThan(10_000);
    rmSync(path);
    writeFileSync(path, "another's");
    utimesSync(path, 0, 0);
    await sleep(100);
    expect(readFileSync(path, 'utf8')).toBe("another's");
    expect(statSync(path).mtimeMs).toBe(0);
    await stop();
  });

  it('removes what killed processes left half written', async () => {
    const folder = join(root, 'out');
    mkdirSync(folder);
    const left = temporaryName(join(folder, 'checkpoint.safetensors'));
    writeFileSync(left.replace(`-${process.pid}-`, `-${GONE}-`), 'x');
    writeFileSync(left, 'written now');
    const release = await claimFolder(folder, 'serial-oe train');
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([
      left,
      join(folder, 'running.json'),
    ]);
    await release();
  });

  it.each(['/proc/a/b.checkpoint', '/proc/model.checkpoint'])(
    'ends where a folder takes none: %s',
    async (folder) => {
      await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(FolderInUseError);
      await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(
        /must be a place that can be written to/,
      );
    },
  );

  it('ends behind a link that leads nowhere', async () => {
    symlinkSync(join(root, 'nowhere'), join(root, 'link'));
    await expect(claimFolder(join(root, 'link', 'a', 'b'), 'serial-oe train')).rejects.toThrow(
      FolderInUseError,
    );
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(claimFolder(join(root, 'file', 'model.checkpoint'), 'serial-oe train')).rejects.toThrow(
      /file.model\.checkpoint must be a place that can be written to/,
    );
  });
});
