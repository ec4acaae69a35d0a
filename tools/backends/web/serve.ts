import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** With these a page may share memory between threads. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export interface ServeOptions {
  /** Texts by URL path. */
  texts: Readonly<Record<string, string>>;
  /** Folders by the URL path that they stand under, such as `/data/`; of the path alone, its index.html. */
  folders: Readonly<Record<string, string>>;
  isIsolated: boolean;
}

/** A server on a free port of this machine alone. */
export async function serve({
  texts,
  folders,
  isIsolated,
}: ServeOptions): Promise<{ url: string; close(): void }> {
  const server = createServer(async ({ url = '/' }, response) => {
    const path = decodeURIComponent(url);
    const body = texts[path] ?? (await readUnder(folders, path));
    const headers = { 'content-type': TYPES[extname(path) || '.html'] ?? 'application/octet-stream' };
    response.writeHead(body === null ? 404 : 200, { ...headers, ...(isIsolated && ISOLATION) });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readUnder(folders: ServeOptions['folders'], path: string): Promise<Buffer | null> {
  const prefix = Object.keys(folders).find((each) => path.startsWith(each));
  if (prefix === undefined || path.includes('..')) return null;
  return readFile(join(folders[prefix] as string, path.slice(prefix.length) || 'index.html')).catch(
    () => null,
  );
}
