import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundleError } from '@serial-oe/runtime';
import { type Zippable, zipSync } from 'fflate';
import { readBundle, saveBundle } from '../src/model/bundle-files';
import { readBundleFiles } from '../src/model/read-bundle';
import { toBundleFiles } from '../src/model/write-bundle';
import { createPlatform } from '../src/platform-node';
import { madeUpParts } from './support/made-up-parts';

const platform = createPlatform();
const parts = madeUpParts();
const text = (letters: string) => new TextEncoder().encode(letters);
let bundle: Record<string, Uint8Array>;
let folder: string;
let server: Server;
let origin: string;
const served = new Map<string, Uint8Array>();

beforeAll(async () => {
  bundle = Object.fromEntries(await toBundleFiles(parts));
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-bundle-'));
  server = createServer((request, response) => {
    const body = served.get(request.url ?? '');
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function read(source: string | Uint8Array) {
  const { files, name } = await readBundle(source, platform);
  return readBundleFiles(files, name);
}

const put = (prefix: string, files: Record<string, Uint8Array>): Zippable =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [prefix + name, bytes]));
const patched = (zip: Uint8Array, patch: (view: DataView, directory: number) => void) => {
  const copy = zip.slice();
  const view = new DataView(copy.buffer);
  for (let i = copy.length - 46; i >= 0; i--) {
    if (view.getUint32(i, true) === 0x02014b50) patch(view, i); // each entry of the directory
  }
  return copy;
};
/** Marks files as encrypted. */
const encrypted = (zip: Uint8Array, names: readonly string[]) =>
  patched(zip, (view, at) => {
    const letters = new Uint8Array(view.buffer, at + 46, view.getUint16(at + 28, true));
    if (names.includes(new TextDecoder().decode(letters))) view.setUint16(at + 8, 1, true);
  });
const withComment = (zip: Uint8Array, comment: string) => {
  const bytes = new Uint8Array([...zip, ...text(comment)]);
  new DataView(bytes.buffer).setUint16(zip.length - 2, comment.length, true);
  return bytes;
};
/** A method of zip that is none of ours. */
const withMethod = (method: number) => (view: DataView, at: number) => view.setUint16(at + 10, method, true);

describe('a zip', () => {
  it.each<[string, () => Uint8Array]>([
    ['with the files at its top', () => zipSync(bundle)],
    ['stored', () => zipSync(bundle, { level: 0 })],
    ['with the files in a folder', () => zipSync(put('my model/', bundle))],
    ['with the folder itself', () => zipSync({ 'model/': new Uint8Array(0), ...put('model/', bundle) })],
    ['of a folder in a folder', () => zipSync(put('a/b/', bundle))],
    ['of Windows', () => zipSync(put('model\\', bundle))],
    [
      'of a Mac',
      () =>
        zipSync({
          ...put('model/', bundle),
          '__MACOSX/._model': text('x'),
          ...put('__MACOSX/model/._', bundle),
          ...put('__MACOSX/model/', bundle),
          'model/.DS_Store': text('x'),
        }),
    ],
    [
      'with more in it',
      () => zipSync({ ...bundle, 'README.md': text('hello'), 'old/manifest.json': text('{}') }),
    ],
    ['with a bomb in it that nobody unpacks', () => zipSync({ ...bundle, 'zeros.bin': new Uint8Array(5e7) })],
    [
      'with a password on what nobody unpacks',
      () => encrypted(zipSync({ ...bundle, 'secret.txt': text('x') }), ['secret.txt']),
    ],
    [
      'with a comment that looks like an entry with a password',
      () => withComment(zipSync(bundle), `PK\u0001\u0002${'\u0001'.repeat(60)}`),
    ],
  ])('%s is read', async (_, make) => {
    const { manifest, detectors } = await read(make());
    expect(manifest.machineType).toBe('fan');
    expect([...detectors.keys()]).toEqual(['00', '02']);
  });

  it('is read as it was saved', async () => {
    const target = join(folder, 'fan.ZIP');
    await saveBundle(parts, { target, platform });
    expect((await read(target)).weights).toEqual(parts.weights);
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'weights that grow a thousandfold',
      () => bomb('weights.safetensors'),
      /of \d+ bytes out of \d+. It is no model, or damaged/,
    ],
    ['a manifest that does', () => bomb('manifest.json'), /'manifest.json' of \d+ bytes out of/],
    [
      'a size that lies',
      () => patched(zipSync(bundle), (view, at) => view.setUint32(at + 24, 0xfffffff0, true)),
      /of 4294967280 bytes/,
    ],
    [
      'more than it says',
      () => patched(bomb('manifest.json'), (view, at) => view.setUint32(at + 24, 1000, true)),
      /must be a JSON object, got text that is none/,
    ],
    [
      'both sizes lie',
      () =>
        patched(zipSync(bundle), (view, at) => {
          view.setUint32(at + 20, 0xfffffff0, true);
          view.setUint32(at + 24, 0x3fffffff, true);
        }),
      /bytes out of/,
    ],
    [
      'two models',
      () => zipSync({ ...put('a/', bundle), ...put('b/', bundle) }),
      /must hold one model, got 'a\/', 'b\/'/,
    ],
    ['one file twice', () => twice(), /must hold each file once, got 'manifest.json' twice/],
    ['thousands of files', () => zipSync({ ...bundle, ...many(1500) }), /of more than 1000 files/],
    [
      'a password',
      () => patched(zipSync(bundle), (view, at) => view.setUint16(at + 8, 1, true)),
      /without a password, got an encrypted one/,
    ],
    [
      'a password, and an empty folder at its end',
      () =>
        encrypted(
          zipSync({ ...put('model/', bundle), 'model/': new Uint8Array(0) }),
          Object.keys(put('model/', bundle)),
        ),
      /without a password, got an encrypted one. Zip it anew/,
    ],
    [
      'a password on its weights alone',
      () => encrypted(zipSync({ ...bundle, 'README.md': text('x') }), ['weights.safetensors']),
      /without a password, got an encrypted one/,
    ],
    ['LZMA', () => patched(zipSync(bundle), withMethod(14)), /got the method 14 of zip at/],
    ['Zstandard', () => patched(zipSync(bundle), withMethod(93)), /got the method 93/],
    ['nothing', () => new Uint8Array(0), /got an empty file/],
    [
      'a page',
      () => text('<!DOCTYPE html><html><body>404'),
      /must be a model's folder or zip file, got an HTML page/,
    ],
    [
      'a pointer',
      () => text('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n'),
      /pointer of Git LFS, which `git lfs pull`/,
    ],
    ['a tar file', () => text('model/manifest.json\0\0\0\0'), /got 23 bytes that start "model/],
    ['half a zip', () => zipSync(bundle).slice(0, 900), /got a damaged one: .* Copy it again/],
    ['its end alone', () => zipSync(bundle).slice(-22), /got one with a damaged list of its files/],
    ['no model', () => zipSync({ 'clip.wav': text('RIFF') }), /must hold manifest.json, got none/],
    [
      'no weights',
      () => zipSync({ 'manifest.json': bundle['manifest.json']! }),
      /must hold weights.safetensors, got none/,
    ],
    ['an empty zip', () => zipSync({}), /must hold manifest.json, got none/],
  ])('of %s is a BundleError', async (_, make, message) => {
    const bytes = make();
    const before = process.memoryUsage().rss;
    const error = await read(bytes).catch((reason) => reason);
    expect(error).toBeInstanceOf(BundleError);
    expect(error.message).toMatch(message);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  });

  it.each<[unknown, string]>([
    [null, 'null'],
    [5, '5'],
    [{}, 'an object'],
    [[1, 2], '\\[1, 2\\]'],
  ])('of %p is a TypeError', async (source, shown) => {
    await expect(readBundle(source as never, platform)).rejects.toThrow(
      new RegExp(`source must be a path, a URL or the bytes of a zip file, got ${shown}`),
    );
  });

  it('may come as an ArrayBuffer or a view', async () => {
    const bytes = zipSync(bundle);
    expect((await readBundle(bytes.slice().buffer, platform)).files.size).toBe(2);
    expect((await readBundle(Buffer.from(bytes), platform)).files.size).toBe(2);
  });

  function many(n: number): Zippable {
    return Object.fromEntries(Array.from({ length: n }, (_, i) => [`clip ${i}.wav`, text('x')]));
  }

  /** 60 MB of zeros in 60 kB. */
  function bomb(name: string): Uint8Array {
    return zipSync({ ...bundle, [name]: new Uint8Array(6e7) });
  }

  function twice(): Uint8Array {
    const zip = zipSync({ ...bundle, 'manifest.jsom': text('{}') });
    const latin = Buffer.from(zip).toString('latin1').replaceAll('manifest.jsom', 'manifest.json');
    return new Uint8Array(Buffer.from(latin, 'latin1'));
  }
});

describe('an address', () => {
  it('serves a folder or a zip', async () => {
    for (const [name, bytes] of Object.entries(bundle)) served.set(`/fan/${name}`, bytes);
    served.set('/fan.zip', zipSync(bundle));
    expect((await read(`${origin}/fan`)).detectors.size).toBe(2);
    expect((await read(`${origin}/fan/`)).detectors.size).toBe(2);
    expect((await read(`${origin}/fan.zip`)).detectors.size).toBe(2);
  });

  it.each<[string, () => string, RegExp]>([
    [
      'of no server',
      () => 'http://127.0.0.1:1/model',
      /127.0.0.1:1\/model\/.* must be served, got: fetch failed.*See that the address is right/,
    ],
    [
      'of no host',
      () => 'http://nowhere.invalid/model.zip',
      /nowhere.invalid\/model.zip must be served, got: fetch failed/,
    ],
    ['of no address', () => 'http://a b/model.zip', /must be served, got: /],
    ['of no model', () => `${origin}/pump`, /pump\/.* must be served, got HTTP 404/],
    [
      'of a page that answers everything',
      () => `${origin}/page`,
      /must be a JSON object, got text that is none and starts "<!DOCTYPE/,
    ],
    ['of a page instead of a zip', () => `${origin}/page.zip`, /got an HTML page/],
  ])('%s is a BundleError', async (_, url, message) => {
    const page = text('<!DOCTYPE html>\n<title>App</title>');
    for (const path of ['/page/manifest.json', '/page/weights.safetensors', '/page.zip'])
      served.set(path, page);
    const error = await read(url()).catch((reason) => reason);
    expect(error).toBeInstanceOf(BundleError);
    expect(error.message).toMatch(message);
  });
});

describe('an address that serves without end', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each(['http://plant.example/fan.zip', 'http://plant.example/fan'])('%s is left in time', async (url) => {
    const megabyte = new Uint8Array(2 ** 20);
    let nServed = 0;
    let nLeft = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          nServed++;
          controller.enqueue(megabyte);
        },
        cancel() {
          nLeft++;
        },
      });
    jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(endless()));
    const error = await read(url).catch((reason) => reason);
    expect(error).toBeInstanceOf(BundleError);
    expect(error.message).toMatch(
      /must be of a model's size, got more than 1073741824 bytes. It is no model/,
    );
    expect(nServed).toBeLessThan(2100);
    expect(nLeft).toBeGreaterThan(0);
  });

  it('may come in pieces, or be empty', async () => {
    const zip = zipSync(bundle);
    const pieces = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let i = 0; i < zip.length; i += 1000) controller.enqueue(zip.slice(i, i + 1000));
          controller.close();
        },
      });
    const fetched = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(pieces()));
    expect((await read('http://plant.example/fan.zip')).detectors.size).toBe(2);
    fetched.mockImplementation(async () => new Response(null, { status: 204 }));
    await expect(read('http://plant.example/fan.zip')).rejects.toThrow(/got an empty file/);
  });
});

describe('a path', () => {
  it.each<[string, () => string, RegExp]>([
    ['to nothing', () => join(folder, 'nothing'), /which does not exist/],
    ['to an empty folder', () => made('empty'), /must hold manifest.json, got none. It is no model bundle/],
    [
      'to a manifest that is a folder',
      () => made('odd', 'manifest.json'),
      /manifest.json must be a file that can be read/,
    ],
    ['to a recording', () => file('clip.wav', 'RIFF'), /got 4 bytes that start "RIFF"/],
    [
      'through a file',
      () => join(file('through', 'x'), 'model'),
      /does not exist|must be a path that can be followed/,
    ],
    [
      'that is too long',
      () => join(folder, 'x'.repeat(5000)),
      /does not exist|must be a path that can be followed/,
    ],
    ['with a NUL', () => `${folder}/a\0b`, /does not exist|must be a path that can be followed/],
  ])('%s is a BundleError', async (_, path, message) => {
    const error = await read(path()).catch((reason) => reason);
    expect(error).toBeInstanceOf(BundleError);
    expect(error.message).toMatch(message);
  });

  const canRead = process.getuid?.() === 0; // root reads what is forbidden
  (canRead ? it.skip : it)('that may not be read is a BundleError', async () => {
    const path = file('forbidden.zip', 'PK');
    chmodSync(path, 0);
    await expect(read(path)).rejects.toThrow(BundleError);
  });

  function made(...names: string[]): string {
    mkdirSync(join(folder, ...names), { recursive: true });
    return join(folder, names[0]!);
  }

  function file(name: string, content: string): string {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  }
});

it('a download that never ends is ended by its signal', async () => {
  const silent = createServer(() => {}); // takes the request and never answers
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const controller = new AbortController();
  const loading = readBundle(`http://127.0.0.1:${port}/fan.zip`, platform, controller.signal);
  controller.abort();
  await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  silent.closeAllConnections();
  silent.close();
});
