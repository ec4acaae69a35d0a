import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, workspaces } from './repository';

const TIMEOUT_MS = 300_000;
const CLI = join(ROOT, 'packages/cli/bin/serial-oe.js');
const TSX = join(ROOT, 'node_modules/tsx/dist/cli.mjs');

/** What each example must print at least. */
const EXPECTED: Record<string, RegExp> = {
  'browser-monitor': /^\d+ files, \d+\.\d MB: any web server can serve them, from any folder$/m,
  'compare-aggregators': /^upperHalfMean( +0\.[89]\d\d){3}$/m,
  'compare-systems':
    /^mel-statistics +ensemble +[+-]\d+\.\d\d +[+-]\d+\.\d\d to [+-]\d+\.\d\d$[\s\S]+^autoencoder +268 +24 /m,
  'detector-without-a-network': /^mean AUC 0\.[6-9]\d\d$/m,
  'features-alone':
    /^8 chunks of 2 s: 224 x 126 each\nresampled in 161 pieces: the same samples, to \de-\d+$/m,
  'few-anomalies':
    /^ {3}a miss costs 1000 false alarms +faults found \d+ of 48[\s\S]+ interval over the test clips [+-]0\.\d{3} to /m,
  'gmm-alone':
    /^chosen: 3 components, full$[\s\S]+ no state {2}as much power as pressing[\s\S]+^read again, it gives the same densities$/m,
  'mel-spectrogram-of-a-wav': /224 mel bands x 626 frames/,
  'my-first-machine':
    /^fan 00: threshold \d[\s\S]+^ +3\d s {2}alarm active: fan-3: [\s\S]+^ +[67]\d s {2}alarm inactive: /m,
  'node-monitor':
    /^ 20 s {2}alarm active: fan-3: the sound is anomalous, .*\n 32 s {2}alarm inactive: .*\nits sound: \S+_plant_fan-3_mic-1\S*\.wav\n9 windows scored$/m,
  onnx: /^SKIPPED: onnxruntime-node is not installed|^ {2}the same scores, to 0\.0001$/m,
  'outliers-in-sensor-data': /^AUC 0\.99\d$/m,
  'two-machines-one-queue': /^every figure is that of one machine$/m,
  'train-a-cnn-on-wasm': /^unseen digits: loss 0\.\d+, accuracy (0\.9\d\d|1\.000)$/m,
};

const examples = workspaces('examples');

const outputs = new Map<string, string>();
/** What the example in the folder prints; it runs once. */
function outputOf(cwd: string): string {
  const output =
    outputs.get(cwd) ?? execFileSync(process.execPath, [TSX, 'main.ts'], { cwd, encoding: 'utf8' });
  outputs.set(cwd, output);
  return output;
}

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
    const output = outputOf(path);
    for (const skipped of output.match(/^SKIPPED.*$/gm) ?? [])
      process.stderr.write(`${folder}: ${skipped}\n`);
    expect(EXPECTED).toHaveProperty(folder);
    expect(output).toMatch(EXPECTED[folder]!);
    for (const [, file] of output.matchAll(/^Wrote (.+)$/gm)) {
      expect(readFileSync(file!).length).toBeGreaterThan(1000);
    }
  },
  TIMEOUT_MS,
);

it(
  'the commands that my-first-machine prints do what its code does',
  () => {
    const cwd = join(ROOT, 'examples/my-first-machine');
    const output = join(cwd, 'output');
    const printed = outputOf(cwd);
    const commands = [...printed.matchAll(/^ {2}\$ npx serial-oe (.+)$/gm)].map(([, line]) =>
      line!.replace('fan-model', 'model-of-the-command').split(' '),
    );
    expect(commands.map(([name]) => name)).toEqual(['data', 'train', 'selftest', 'monitor']);
    const [, , selftest, monitor] = commands.map((args) =>
      execFileSync(process.execPath, [CLI, ...args], { cwd: output, encoding: 'utf8', stdio: 'pipe' }),
    );
    const words = (kind: string) => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    for (const [, kind, found] of printed.matchAll(/^ {2}(\w+) +(none|-\d+ dB)/gm)) {
      const cell = found === 'none' ? 'not found' : found;
      expect(selftest).toMatch(new RegExp(`^${words(kind!)} +${cell}$`, 'm'));
    }
    const [, threshold] = /^fan 00: threshold (\S+),/m.exec(printed)!;
    expect(monitor).toContain(` of ${threshold},`);
  },
  TIMEOUT_MS,
);

it('the gallery of examples is complete, with the command of each', () => {
  const index = readFileSync(join(ROOT, 'docs/examples-gallery.md'), 'utf8');
  expect(
    examples.filter(
      ({ folder }) =>
        !index.includes(`(../examples/${folder}/`) || !index.includes(`npm start -w examples/${folder}`),
    ),
  ).toEqual([]);
});
