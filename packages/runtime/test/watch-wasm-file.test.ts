import { registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { activeBackend, BackendError, useBackend } from '../src';
import { watchWasmFile } from '../src/backends/watch-wasm-file';

const MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const ADDRESS = 'http://plant.example/app/tfjs-backend-wasm-simd.wasm';
const original = globalThis.fetch;

function answerWith(make: () => Response | Promise<Response>): void {
  globalThis.fetch = async () => make();
}
afterEach(() => {
  globalThis.fetch = original;
});

/** As tfjs starts: fetches its file, and fails where that is no module. */
async function start(address: string | URL | Request = ADDRESS): Promise<boolean> {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  return bytes[1] === MODULE[1];
}

const html = (status: number) => () =>
  new Response('<!DOCTYPE html>\n<title>App</title>', {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });

describe('watchWasmFile', () => {
  it.each<[string, () => Response | Promise<Response>, RegExp]>([
    [
      'a page of errors',
      html(404),
      /^HTTP 404 \(text\/html; charset=utf-8\) that starts "<!DOCTYPE html>\\\\u000a<title>/,
    ],
    [
      'a page that answers everything',
      html(200),
      /^HTTP 200 \(text\/html; charset=utf-8\) that starts "<!DOCTYPE html>/,
    ],
    ['nothing', () => new Response('', { status: 200 }), /^HTTP 200 \(.*\) that is empty/],
    [
      'a script',
      () => new Response('export default "a.wasm"'),
      /^HTTP 200 \(text\/plain.*\) that starts "export default/,
    ],
    ['a module with the status of an error', () => new Response(MODULE, { status: 500 }), /^HTTP 500 /],
  ])('says of %s what came back, and leaves it to tfjs', async (_, make, description) => {
    answerWith(make);
    const { result, answer } = await watchWasmFile(() => start());
    expect(result).toBeDefined();
    expect(answer).toMatchObject({ address: ADDRESS, isModule: false });
    expect(answer!.description).toMatch(description);
  });

  it('says of a server that cannot be reached that there was no answer', async () => {
    answerWith(() => Promise.reject(new TypeError('Failed to fetch')));
    const { answer } = await watchWasmFile(() => start().catch(() => false));
    expect(answer).toEqual({ address: ADDRESS, isModule: false, description: 'no answer (Failed to fetch)' });
  });

  it('takes a module as one, by an address of any kind', async () => {
    answerWith(() => new Response(MODULE, { headers: { 'content-type': 'application/wasm' } }));
    for (const address of [ADDRESS, new URL(ADDRESS), new Request(ADDRESS)]) {
      expect(await watchWasmFile(() => start(address))).toMatchObject({
        result: true,
        answer: { isModule: true },
      });
    }
  });

  it('sees nothing of other files, and puts fetch back', async () => {
    answerWith(() => new Response('{}'));
    const mine = globalThis.fetch;
    const { answer } = await watchWasmFile(() => start('http://plant.example/models/fan/manifest.json'));
    expect(answer).toBeUndefined();
    expect(globalThis.fetch).toBe(mine);
    await expect(watchWasmFile(() => Promise.reject(new Error('stop')))).rejects.toThrow('stop');
    expect(globalThis.fetch).toBe(mine);
  });

  it('does not wait for ever where tfjs does', async () => {
    answerWith(html(404));
    const { result, answer } = await watchWasmFile(async () => {
      await fetch(ADDRESS);
      return new Promise(() => {});
    });
    expect(result).toBeUndefined();
    expect(answer?.isModule).toBe(false);
  });
});

describe('a backend whose .wasm file is not there', () => {
  beforeEach(() => {
    registerBackend('wasm', async () => {
      if (!(await start())) throw new Error('Make sure the server can serve the `.wasm` file');
      throw new Error('unreachable here');
    });
  });
  afterEach(() => removeBackend('wasm'));

  it.each<[string, () => Promise<unknown>]>([
    ['useBackend', () => useBackend('wasm')],
    ['the backend that is active', () => activeBackend('loadSerialOe')],
  ])('is told by %s with the address, the answer and the lines that mend it', async (_, call) => {
    answerWith(html(404));
    const error = (await call().catch((reason) => reason)) as Error;
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toContain(
      `must get its .wasm file from ${ADDRESS}, got HTTP 404 (text/html; charset=utf-8)`,
    );
    expect(error.message).toContain("import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';\n");
    expect(error.message).toContain("setWasmPaths('/tfjs-backend-wasm/');");
  });

  it('a module that does not run is told as a machine that cannot', async () => {
    answerWith(() => new Response(MODULE));
    await expect(useBackend('wasm')).rejects.toThrow(/is registered but could not start on this machine/);
  });
});
