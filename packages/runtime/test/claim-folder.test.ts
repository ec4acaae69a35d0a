import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUseError } from '../src/errors';
import { claimFolder } from '../src/node/files/claim-folder';

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
  ])('takes over %s', async (_, owner) => {
    const folder = claimed(owner);
    const release = await claimFolder(folder, 'serial-oe train');
    expect(JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8'))).toEqual({
      pid: process.pid,
      host: hostname(),
    });
    await release();
  });

  it('believes a process of another machine', async () => {
    const folder = claimed({ pid: GONE, host: 'elsewhere' });
    await expect(claimFolder(folder, 'serial-oe train')).rejects.toThrow(/on elsewhere works there/);
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(claimFolder(join(root, 'file', 'model.checkpoint'), 'serial-oe train')).rejects.toThrow(
      /file.model\.checkpoint must be a place that can be written to/,
    );
  });
});
