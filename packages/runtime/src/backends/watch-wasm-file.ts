import { printableLine } from '@serial-oe/foundation';

/** What came back for the `.wasm` file of tfjs's backend. */
export interface WasmAnswer {
  address: string;
  /** Whether it is a WebAssembly module. */
  isModule: boolean;
  /** In words: `HTTP 404 (text/html) that starts "<!DOCTYPE html>"`. */
  description: string;
}

const MODULE_START = [0, 0x61, 0x73, 0x6d]; // "\0asm"
const N_SHOWN = 40;
/** tfjs waits for ever for a file that it fetches by its platform and that is none. */
const MOST_MS_AFTER_A_BAD_ANSWER = 2000;

/**
 * Runs what makes tfjs start its WASM backend, and sees what the page is answered for the `.wasm` file, of which tfjs tells
 * nothing but that it failed.
 *
 * @returns the result, undefined where tfjs was still waiting after a bad answer; the answer is undefined where nothing was
 *   fetched, as in Node
 */
export async function watchWasmFile<T>(
  start: () => Promise<T>,
): Promise<{ result: T | undefined; answer: WasmAnswer | undefined }> {
  const original: typeof fetch | undefined = globalThis.fetch;
  if (typeof original !== 'function') return { result: await start(), answer: undefined };
  let answer: Promise<WasmAnswer> | undefined;
  let isOver = false;
  let onBadAnswer = (): void => {};
  const badAnswer = new Promise<undefined>((resolve) => {
    onBadAnswer = () => void setTimeout(resolve, MOST_MS_AFTER_A_BAD_ANSWER);
  });
  const watched: typeof fetch = async (input, init) => {
    const address = addressOf(input);
    const response = original.call(globalThis, input, init);
    if (isOver || !/\.wasm($|[?#])/i.test(address)) return response;
    answer = describe(address, response);
    void answer.then(({ isModule }) => isModule || onBadAnswer());
    return response;
  };
  globalThis.fetch = watched;
  try {
    return { result: await Promise.race([start(), badAnswer]), answer: await answer };
  } finally {
    isOver = true; // where someone has wrapped it in between, it stays, and passes everything on
    if (globalThis.fetch === watched) globalThis.fetch = original;
  }
}

function addressOf(input: RequestInfo | URL): string {
  const address = typeof input === 'object' && 'url' in input ? input.url : String(input);
  try {
    return new URL(address, globalThis.location?.href).href;
  } catch {
    return address;
  }
}

async function describe(address: string, fetched: Promise<Response>): Promise<WasmAnswer> {
  try {
    const response = (await fetched).clone(); // the body is tfjs's
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isModule = response.ok && MODULE_START.every((byte, i) => bytes[i] === byte);
    const type = response.headers.get('content-type') ?? 'without a content type';
    const start = printableLine(new TextDecoder('latin1').decode(bytes.subarray(0, N_SHOWN)));
    const content = bytes.length === 0 ? 'that is empty' : `that starts ${JSON.stringify(start)}`;
    return { address, isModule, description: `HTTP ${response.status} (${type}) ${content}` };
  } catch (error) {
    return { address, isModule: false, description: `no answer (${(error as Error).message})` };
  }
}
