import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileAccessError } from '../src/errors';
import { checkWritable, createFileAccess } from '../src/node/files/file-access';
import { cannotRead, cannotWrite } from '../src/node/files/file-error';
import { removeLeftovers, temporaryName } from '../src/node/files/temporary-files';
import { fillDisk } from './support/filling-process-file';

const files = createFileAccess();
let root: string;
const at = (...names: string[]) => join(root, ...names);
const text = (path: string) => readFileSync(path, 'utf8');
const folderOf = (...entries: [string, string][]) =>
  new Map(entries.map(([name, content]) => [name, new TextEncoder().encode(content)]));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'serial-oe-files-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('writing', () => {
  it('replaces files and folders, makes folders above, and leaves nothing else', async () => {
    await files.writeFile(at('new', 'file'), 'one');
    await files.writeFile(at('new', 'file'), 'two');
    await files.writeFolder(at('new', 'model'), folderOf(['a', '1'], ['b', '1']));
    await files.writeFolder(at('new', 'model'), folderOf(['a', '2']));
    expect(text(at('new', 'file'))).toBe('two');
    expect(readdirSync(at('new')).sort()).toEqual(['file', 'model']);
    expect(readdirSync(at('new', 'model'))).toEqual(['a']);
    expect(text(at('new', 'model', 'a'))).toBe('2');
  });

  it.each([
    ['before the old one stepped aside', ['model'], 'old'],
    ['with the old one aside and the new one not yet there', ['.model.previous'], 'old'],
    ['with the new one there and the old one not yet gone', ['model', '.model.previous'], 'new'],
  ])('a kill %s leaves a model', async (_, there, expected) => {
    for (const name of there) mkdirSync(at(name));
    for (const name of there)
      writeFileSync(at(name, 'a'), name === 'model' && there.length === 2 ? 'new' : 'old');
    mkdirSync(at('.model.00000000-1-0123456789ab.tmp'));
    expect(await files.exists(at('model'))).toBe(true);
    expect(await files.isFolder(at('model'))).toBe(true);
    expect(text(at('model', 'a'))).toBe(expected);
    await files.writeFolder(at('model'), folderOf(['a', 'newest']));
    expect(text(at('model', 'a'))).toBe('newest');
    expect(existsSync(at('.model.previous'))).toBe(false);
  });

  it('goes on where a reader puts the old folder back in between', async () => {
    await files.writeFolder(at('model'), folderOf(['a', 'old']));
    const isStopped = { value: false };
    const reader = (async () => {
      let nMissing = 0;
      while (!isStopped.value) if (!(await files.exists(at('model')))) nMissing++;
      return nMissing;
    })();
    for (let i = 0; i < 50; i++) await files.writeFolder(at('model'), folderOf(['a', String(i)]));
    isStopped.value = true;
    await reader;
    expect(text(at('model', 'a'))).toBe('49');
    expect(readdirSync(root)).toEqual(['model']);
  });

  it('keeps the old folder where the new one cannot be written', async () => {
    await files.writeFolder(at('model'), folderOf(['a', 'old']));
    await expect(files.writeFolder(at('model'), folderOf(['no/such/folder', 'x']))).rejects.toThrow(
      FileAccessError,
    );
    expect(text(at('model', 'a'))).toBe('old');
    expect(readdirSync(root)).toEqual(['model']);
  });
});

describe('what killed processes left', () => {
  /** No process has this number: Linux ends at 2 ** 22. */
  const GONE = String(2 ** 30);
  const leftover = (name: string) => temporaryName(at(name)).replace(`-${process.pid}-`, `-${GONE}-`);

  it('goes with the next write of that name, folders too; other names and living processes stay', async () => {
    const [ours, other, living] = [leftover('model'), leftover('other'), temporaryName(at('model'))];
    mkdirSync(ours);
    for (const path of [join(ours, 'a'), other, living, at('.model.mine.tmp')]) writeFileSync(path, 'x');
    await files.writeFile(at('model'), 'whole');
    expect([ours, other, living, at('.model.mine.tmp')].map((path) => existsSync(path))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    await removeLeftovers(root);
    expect(existsSync(other)).toBe(false);
    expect(existsSync(living)).toBe(true);
  });

  it('of another machine or an earlier version goes by its age', async () => {
    const names = ['.model.00000000-1-0123456789ab.tmp', '.model.0123456789ab.tmp'];
    for (const name of names) writeFileSync(at(name), 'x');
    await removeLeftovers(root);
    expect(readdirSync(root)).toHaveLength(2);
    const hoursAgo = Date.now() / 1000 - 2 * 3600;
    for (const name of names) utimesSync(at(name), hoursAgo, hoursAgo);
    await removeLeftovers(root);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('a place that cannot be used', () => {
  it.each<[string, () => string, RegExp]>([
    ['a file in the way', () => at('file', 'x', 'report.html'), /a file where a folder is needed above it/],
    ['a folder', () => root, /got a folder \(EISDIR\)\. Give the path of a file/],
    ['a name that is too long', () => at('x'.repeat(300)), /a path that is too long.*Choose a shorter one/],
    ['a NUL in the name', () => at('a\0b'), /a\\u0000b must be a place.*Check the path/],
    ['a link that loops', () => at('loop', 'x'), /links that lead in a circle/],
    ['a file system that holds no files', () => '/proc/report.html', /nothing there|no permission/],
    ['a folder on such a one', () => '/proc/a/b/report.html', /nothing there|no permission/],
  ])('is told before the work, and by the write: %s', async (_, path, message) => {
    writeFileSync(at('file'), '');
    symlinkSync(at('loop'), at('loop'));
    for (const attempting of [checkWritable, (path: string) => files.writeFile(path, 'x')]) {
      const attempt = attempting(path());
      await expect(attempt).rejects.toThrow(FileAccessError);
      await expect(attempt).rejects.toThrow(message);
    }
    expect(readdirSync(root).sort()).toEqual(['file', 'loop']);
  });

  it('is told with file, reason and remedy for every code that disks give', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT', 'ENOTDIR', 'EIO']) {
      const cause = Object.assign(new Error(`${code}: raw, write`), { code });
      for (const { message } of [cannotWrite('out/model', cause), cannotRead('out/model', cause)]) {
        expect(message).toMatch(/out\/model must .*, got [a-z ]+.*\(E[A-Z]+\)\. [A-Z].*\.$/);
        expect(message).not.toMatch(/raw/);
      }
    }
  });

  it('makes no folder to find out, and leaves nothing', async () => {
    await checkWritable(at('new', 'er', 'report.html'));
    await checkWritable(at('model'), { isFile: false });
    expect(readdirSync(root)).toEqual([]);
  });

  it('names what cannot be read', async () => {
    await expect(files.read(at('none'))).rejects.toThrow(
      /none must be readable, got nothing there \(ENOENT\)/,
    );
    await expect(files.read(root)).rejects.toThrow(/must be readable, got a folder/);
    expect(await files.exists(at('none'))).toBe(false);
    writeFileSync(at('file'), '');
    expect(await files.exists(at('file', 'x'))).toBe(false);
    expect(await files.isFolder(at('file', 'x'))).toBe(false);
  });
});

describe('a full disk', () => {
  const canMount = (() => {
    try {
      execFileSync('unshare', ['-Urm', 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  // Where a disk cannot be made, the limit of a file's size stands for it.
  it(`is named, and what was there stays (${canMount ? 'a disk of 256 KB' : 'a limit'})`, () => {
    const told = fillDisk(root, canMount);
    expect(told.errors).toHaveLength(3);
    for (const message of told.errors) {
      expect(message).toMatch(
        canMount
          ? /(file|model|other)(\.html)? must be a place .*no space left on that disk \(ENOSPC\)\. Free some space/
          : /must be a place .*larger than that disk or the limits allow \(EFBIG\)/,
      );
    }
    expect(told.left).toEqual(['file', 'model/a']);
    expect(told.contents).toEqual(['old', 'old']);
  });
});

it('a rename that failed leaves the old name', async () => {
  mkdirSync(at('.model.previous'));
  writeFileSync(at('model'), 'a file');
  expect(await files.isFolder(at('model'))).toBe(false);
  renameSync(at('model'), at('moved'));
  expect(await files.isFolder(at('model'))).toBe(true);
});
