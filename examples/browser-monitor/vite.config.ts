import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';
import { type CopiedFile, precachePlugin } from './build/precache-plugin';
import { TEXTS } from './src/texts';

const HERE = dirname(fileURLToPath(import.meta.url));

/**
 * The build of the page. Addresses are relative, so that it works from any folder of any server.
 * @param demo the folder of the demo's model and recordings
 */
export function pageConfig({ demo, outDir }: { demo: string; outDir: string }): UserConfig {
  return {
    root: HERE,
    base: './',
    logLevel: 'warn',
    plugins: [textsPlugin(), precachePlugin([...wasmFiles(), ...demoFiles(demo)])],
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0, // the worklet's script must be a file
      chunkSizeWarningLimit: 4000,
      rollupOptions: {
        input: { index: join(HERE, 'index.html'), 'service-worker': join(HERE, 'src/service-worker.ts') },
        output: {
          entryFileNames: ({ name }) =>
            name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js',
        },
      },
    },
  };
}

/** The texts that stand in index.html and in the manifest of the installed page. */
function textsPlugin(): Plugin {
  const { title, description, noScript, shortName } = TEXTS.page;
  const texts: Record<string, string> = { title, description, noScript };
  const icons = [
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ...['192', '512'].map((size) => ({
      src: `icon-${size}.png`,
      sizes: `${size}x${size}`,
      type: 'image/png',
    })),
  ];
  const look = { display: 'standalone', background_color: '#0e141b', theme_color: '#0e141b' };
  const manifest = {
    name: title,
    short_name: shortName,
    description,
    start_url: './',
    scope: './',
    ...look,
    icons,
  };
  return {
    name: 'texts',
    transformIndexHtml: (html) => ({
      html: html.replace(/%(\w+)%/g, (mark, name) => texts[name] ?? mark),
      tags: [{ tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' }, injectTo: 'head' }],
    }),
    generateBundle() {
      const source = JSON.stringify(manifest, null, 2);
      this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source });
    },
  };
}

function wasmFiles(): CopiedFile[] {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  );
  return filesOf(join(folder, 'dist'), /\.wasm$/, 'wasm/');
}

function demoFiles(folder: string): CopiedFile[] {
  const normals = filesOf(join(folder, 'normal'), /\.wav$/, 'demo/normal/');
  return [...filesOf(folder, /^demo\./, 'demo/'), ...normals];
}

function filesOf(folder: string, pattern: RegExp, prefix: string): CopiedFile[] {
  const names = readdirSync(folder).filter((name) => pattern.test(name));
  return names.sort().map((name) => ({ name: prefix + name, path: join(folder, name) }));
}
