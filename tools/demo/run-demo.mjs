// The main job on synthetic sounds, as a user would run it: write sounds, train on them, measure, write a report.
// Usage: npm run demo -- [--out DIR] [--seed N]
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'packages/cli/dist/cli.js');

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'demo-output') },
    seed: { type: 'string', default: '0' },
  },
});
const out = resolve(values.out);
const [fans, others, model, report] = ['fans', 'other-machines', 'fan-model', 'report.html'].map((name) =>
  join(out, name),
);

// Few clips and epochs: machines and clips as unlike and as quiet as a first look needs. The defaults are as hard as recordings.
const EASY = ['--id-spread', '10', '--clip-spread', '0', '--snr', '6'];

const startedAt = performance.now();
for (const stale of [fans, others, model, `${model}.checkpoint`])
  rmSync(stale, { recursive: true, force: true });

step('Writing the sounds of three fans, normal and faulty, in factory noise', [
  'synth',
  ...['--out', fans, '--types', 'fan', '--ids', '3', '--train', '24', '--test', '20'],
  ...['--severity', '1', ...EASY, '--seed', values.seed],
]);
step('Writing normal sounds of fifteen machines of five other types', [
  'synth',
  ...['--out', others, '--types', 'pump,slider,valve,ToyCar,ToyConveyor', '--ids', '3'],
  ...['--train', '12', '--test', '0', ...EASY, '--seed', values.seed],
]);
step(
  'Learning what the three fans sound like: an ensemble of a network, which learns to tell them from five other types, and of statistics',
  [
    'train',
    ...['--data', fans, '--data', others, '--machine-type', 'fan', '--out', model],
    ...['--epochs', '24', '--workers', '2', '--seed', values.seed],
  ],
);
step('Scoring the test clips and measuring the ensemble, and each of its members alone', [
  'evaluate',
  '--model',
  model,
  '--data',
  fans,
  '--report',
  report,
]);

const minutes = (performance.now() - startedAt) / 60_000;
console.log(`\nDone in ${minutes.toFixed(1)} minutes.`);
console.log(`The report with ROC curves, score histograms and spectrograms: ${pathToFileURL(report)}`);

function step(title, args) {
  const startedAt = performance.now();
  console.log(`\n== ${title}\n$ serial-oe ${args.join(' ')}\n`);
  const { status, signal } = spawnSync(process.execPath, [cli, ...args], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(
      `\nThe demo stopped: "serial-oe ${args[0]}" ended with ${signal ?? `exit code ${status}`}.`,
    );
    process.exit(status ?? 1);
  }
  console.log(`(${((performance.now() - startedAt) / 1000).toFixed(0)} s)`);
}
