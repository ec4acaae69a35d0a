import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { build as esbuildBuild } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Job, JobAnswer } from '../job';
import { serve } from './serve';

/**
 * WebGPU in a browser without a window: Chromium takes the machine's GPU where there is one, else SwiftShader. The sandbox
 * is off because a container has none; no page but ours is opened.
 */
const ARGUMENTS = ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan'];

export interface OpenPageOptions {
  /** The repository's folder. */
  root: string;
  /** Program of the browser. */
  executablePath: string;
  /** Served under `/data/`. */
  dataFolder: string;
  /** Whether the page may share memory between threads, which lets tfjs take the threaded build of its WASM backend. */
  isIsolated?: boolean;
}

export interface JobPage {
  /** As `navigator.userAgent` calls it. */
  browser: string;
  isIsolated: boolean;
  run(job: Job): Promise<JobAnswer>;
  close(): Promise<void>;
}

/** Bundles the page, serves it with the .wasm files of its packages, and opens it in Chromium. */
export async function openJobPage({
  root,
  executablePath,
  dataFolder,
  isIsolated = false,
}: OpenPageOptions): Promise<JobPage> {
  const modules = join(root, 'node_modules');
  const server = await serve({
    texts: {
      '/': '<!doctype html><title>serial-oe</title><script type="module" src="/page.js"></script>',
      '/page.js': await bundlePage(root),
    },
    folders: {
      '/data/': dataFolder,
      '/tfjs-backend-wasm/': join(modules, '@tensorflow', 'tfjs-backend-wasm', 'dist'),
      '/onnxruntime-web/': join(modules, 'onnxruntime-web', 'dist'),
    },
    isIsolated,
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    server.close();
  };
  try {
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    const page = await browser.newPage();
    await loadPage(page, server.url);
    return {
      browser: `Chromium ${browser.version()}`,
      isIsolated: await page.evaluate(() => crossOriginIsolated),
      run: (job) => page.evaluate((each) => (globalThis as unknown as PageGlobals).runJob(each), job),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface PageGlobals {
  runJob(job: Job): Promise<JobAnswer>;
}

/** @throws Error with the page's own error, where its script fails */
async function loadPage(page: Page, url: string): Promise<void> {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(url, { waitUntil: 'load' });
  if (errors.length > 0) throw errors[0];
}

async function bundlePage(root: string): Promise<string> {
  // esbuild is tsup's own; this is what the packages are built with.
  const fromRoot = createRequire(join(root, 'package.json'));
  const { build } = createRequire(fromRoot.resolve('tsup'))('esbuild') as { build: typeof esbuildBuild };
  const { outputFiles } = await build({
    entryPoints: [join(root, 'tools', 'backends', 'web', 'page.ts')],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text as string;
}
