// Models without a network, one that was trained alone and an ensemble, loaded in Node and in Chromium: from a folder, one file, bytes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from '../backends/web/chromium';
import { serve } from '../backends/web/serve';

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'packages/cli/dist/cli.js');
const MODELS = ['single', 'single.serialoe', 'ensemble', 'ensemble.zip'];
/** What a page and Node alike are asked. */
const LOADING = `
  import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
  import { loadModel } from '@serial-oe/runtime/contract';
  const systems = [melStatistics, modulationStatistics, level];
  const waveform = Float32Array.from({ length: 48_000 }, (_, i) => 0.1 * Math.sin(i / 5) + 0.05 * Math.sin(i * i));
  export async function ask(source, platform) {
    const scorer = await loadModel(source, { systems, platform });
    const { anomalyScore, threshold, severity } = await scorer.score(waveform, { sampleRate: 16000, machineId: '01' });
    scorer.dispose();
    return { anomalyScore, threshold, severity };
  }
`;
const PAGE = `${LOADING}
  import { createBrowserPlatform } from '@serial-oe/runtime/contract';
  const bytesOf = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
  globalThis.ask = async (url, isBytes) => ask(isBytes ? await bytesOf(url) : url, createBrowserPlatform());
`;
const SCRIPT = `${LOADING}
  import { readFileSync } from 'node:fs';
  import { createNodePlatform } from '@serial-oe/runtime/node/files';
  const [path, isBytes] = JSON.parse(process.argv.at(-1));
  ask(isBytes ? readFileSync(path) : path, createNodePlatform()).then((score) => console.log(JSON.stringify(score)));
`;

describe('models of any system', () => {
  let folder: string;
  const inNode = (model: string, isBytes = false) => {
    const asked = JSON.stringify([join(folder, model), isBytes]);
    const options = { cwd: join(ROOT, 'packages/cli'), encoding: 'utf8' as const, input: SCRIPT };
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-', asked], options);
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-load-'));
    const run = (...args: string[]) => {
      const { status, stderr } = spawnSync(process.execPath, [CLI, ...args, '--quiet'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    };
    const sounds = ['--types', 'fan', '--ids', '2', '--train', '6', '--test', '1', '--seconds', '3'];
    run('synth', '--out', 'sounds', ...sounds);
    for (const model of MODELS) {
      const system = model.startsWith('single') ? ['--system', 'mel-statistics'] : [];
      run('train', '--data', 'sounds', '--machine-type', 'fan', '--out', model, ...system);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('load in Node from a folder, one file and its bytes', () => {
    for (const [plain, packed] of [MODELS.slice(0, 2), MODELS.slice(2)] as [string, string][]) {
      const score = inNode(plain);
      expect(score).toEqual({
        anomalyScore: expect.any(Number),
        threshold: expect.any(Number),
        severity: expect.any(Number),
      });
      expect(inNode(packed)).toEqual(score);
      expect(inNode(packed, true)).toEqual(score);
    }
  });

  const executablePath = findChromium();
  if (executablePath === null) process.stderr.write(`SKIPPED models in Chromium: ${NO_CHROMIUM}\n`);
  (executablePath === null ? it.skip : it)(
    'load in a browser from the same, to the same scores',
    async () => {
      const { outputFiles } = await build({
        stdin: { contents: PAGE, resolveDir: join(ROOT, 'packages', 'cli') },
        ...{
          bundle: true,
          platform: 'browser',
          format: 'esm',
          target: 'es2022',
          write: false,
          logLevel: 'error',
        },
      });
      const app = '<!doctype html><title>app</title><script type="module" src="/page.js"></script>';
      const texts = { '/': app, '/page.js': outputFiles[0]!.text };
      const server = await serve({ texts, folders: { '/models/': folder }, isIsolated: false });
      let browser: Browser | undefined;
      try {
        browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
        const page = await browser.newPage();
        await page.goto(server.url, { waitUntil: 'load' });
        for (const model of MODELS) {
          const expected = inNode(model);
          for (const isBytes of /\.(zip|serialoe)$/.test(model) ? [false, true] : [false]) {
            const score = await page.evaluate(
              ([url, asBytes]) =>
                (globalThis as unknown as { ask(url: string, isBytes: boolean): Promise<object> }).ask(
                  url,
                  asBytes,
                ),
              [`/models/${model}`, isBytes] as [string, boolean],
            );
            expect(score).toEqual(expected);
          }
        }
      } finally {
        await browser?.close();
        server.close();
      }
      expect(readdirSync(join(folder, 'ensemble'))).toContain('model-card.md');
      expect(readFileSync(join(folder, 'ensemble', 'model-card.md'), 'utf8')).toContain(
        'serial-oe was left out',
      );
    },
  );
});
