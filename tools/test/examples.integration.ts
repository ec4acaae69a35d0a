import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, workspaces } from './repository';

const TIMEOUT_MS = 120_000;
const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');

/** What each example must print at least. */
const EXPECTED: Record<string, RegExp> = {
  'compare-aggregators': /^upperHalfMean( +0\.[89]\d\d){3}$/m,
  'detector-without-a-network': /^mean AUC 0\.[6-9]\d\d$/m,
  'mel-spectrogram-of-a-wav': /224 mel bands x 626 frames/,
  'node-monitor':
    /^ 20 s {2}alarm active: fan-3: the sound is anomalous, .*\n 32 s {2}alarm inactive: .*\nits sound: \S+_plant_fan-3_mic-1\S*\.wav\n9 windows scored$/m,
  'outliers-in-sensor-data': /^AUC 0\.99\d$/m,
  'two-machines-one-queue': /^every figure is that of one machine$/m,
  'train-a-cnn-on-wasm': /^unseen digits: loss 0\.\d+, accuracy (0\.9\d\d|1\.000)$/m,
};

const examples = workspaces('examples');

it.each(examples)('examples/$folder is a private package that one command runs', ({ folder, manifest }) => {
  expect(manifest).toMatchObject({
    name: `@serial-oe/example-${folder}`,
    private: true,
    description: expect.stringMatching(/^[A-Z].*\.$/),
    type: 'module',
    scripts: { start: 'tsx main.ts', typecheck: 'compile-assembly --all && tsc --noEmit' },
  });
});

it.each(examples)(
  'examples/$folder runs and prints its result',
  ({ folder, path }) => {
    const output = execFileSync(process.execPath, [TSX, 'main.ts'], { cwd: path, encoding: 'utf8' });
    expect(EXPECTED).toHaveProperty(folder);
    expect(output).toMatch(EXPECTED[folder]!);
    for (const [, file] of output.matchAll(/^Wrote (.+)$/gm)) {
      expect(readFileSync(file!).length).toBeGreaterThan(1000);
    }
  },
  TIMEOUT_MS,
);

it('the list of examples in docs/README.md is complete', () => {
  const index = readFileSync(join(ROOT, 'docs/README.md'), 'utf8');
  expect(examples.filter(({ folder }) => !index.includes(`../examples/${folder}`))).toEqual([]);
});
