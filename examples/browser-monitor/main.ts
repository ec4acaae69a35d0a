// Builds the page, demo model and all, and serves it. `npm start -w examples/browser-monitor`, then open the address. Where nobody
// looks on (no terminal) it ends after the build; `-- --serve` serves all the same, `-- --out DIR` says where the page is built.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';
import { makeDemo } from './build/make-demo';
import { pageConfig } from './vite.config';

process.env.NODE_ENV = 'production'; // whatever a test says: Vite builds by it
const HERE = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(HERE, 'output', 'page') },
    serve: { type: 'boolean', default: process.stdout.isTTY === true },
    port: { type: 'string', default: '4173' },
  },
});

const demo = await makeDemo(join(HERE, 'output'), (line) => console.log(line));
const outDir = resolve(values.out);
const config = { ...pageConfig({ demo: demo.folder, outDir }), configFile: false as const };
await build(config);
const files = readdirSync(outDir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
console.log(
  `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB: any web server can serve them, from any folder`,
);
console.log(`Wrote ${join(outDir, 'index.html')}`);

if (values.serve) {
  const server = await preview({ ...config, preview: { port: Number(values.port), host: '127.0.0.1' } });
  console.log(`open ${server.resolvedUrls?.local[0]} (Ctrl-C ends it)`);
}
