// What the parts of the method buy on the synthetic set: the full method, without Mixup, without L_type, and with 8 known
// anomalies an ID, over several seeds. Runs the built command; a run whose result is there already is skipped.
//
// Usage: node tools/experiments/ablation.mjs --out DIR [--types fan,pump] [--seeds 3] [--jobs 2] [--synth="--ids 3 ..."]
// Build first: npm run build
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const cli = fileURLToPath(new URL('../../packages/serial-oe/dist/cli.js', import.meta.url));
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    types: { type: 'string', default: 'fan,pump' },
    seeds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '2' },
    synth: { type: 'string', default: '--ids 3 --train 32 --test 24 --seed 1' },
    train: { type: 'string', default: '' },
  },
});
if (!values.out) {
  console.error('ablation: --out DIR is needed.');
  process.exit(2);
}

/** Test anomalies an ID that no variant tests on, so that all variants are tested on the same clips. */
const HELD_OUT = '8';
const VARIANTS = [
  { name: 'full', title: 'full method', config: {}, flags: [] },
  { name: 'no-mixup', title: 'without Mixup', config: { mixup: { schedule: 'never' } }, flags: [] },
  { name: 'no-type', title: 'without L_type', config: { loss: { useTypeLoss: false } }, flags: [] },
  { name: 'known-8', title: '8 known anomalies an ID', config: {}, flags: ['--known-anomalies', '8'] },
];
const split = (text) => text.split(' ').filter(Boolean);
const sounds = join(values.out, 'sounds');
const types = values.types.split(',');
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i);

mkdirSync(values.out, { recursive: true });
if (!existsSync(sounds)) {
  const { status } = spawnSync(process.execPath, [cli, 'synth', '--out', sounds, ...split(values.synth)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

const queue = types.flatMap((type) =>
  seeds.flatMap((seed) => VARIANTS.map((variant) => ({ type, seed, variant }))),
);
const nJobs = queue.length;
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.log(table());

async function work() {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const name = nameOf(job);
    if (!existsSync(resultFile(job))) {
      const startedAt = performance.now();
      await run(job);
      console.error(
        `${name}: ${Math.round((performance.now() - startedAt) / 1000)} s, ${queue.length} of ${nJobs} jobs to come`,
      );
    }
  }
}

async function run(job) {
  const { type, seed, variant } = job;
  const model = join(values.out, `${nameOf(job)}.model`);
  const config = join(values.out, `${variant.name}.json`);
  writeFileSync(config, JSON.stringify(variant.config));
  await command([
    ...['train', '--data', sounds, '--machine-type', type, '--out', model, '--config', config],
    ...[
      '--seed',
      String(seed),
      '--held-out-anomalies',
      HELD_OUT,
      '--resume',
      '--overwrite',
      '--quiet',
      '--json',
    ],
    ...variant.flags,
    ...split(values.train),
  ]);
  const evaluation = await command(['evaluate', '--model', model, '--data', sounds, '--json', '--quiet']);
  writeFileSync(`${resultFile(job)}.tmp`, evaluation);
  renameSync(`${resultFile(job)}.tmp`, resultFile(job));
  rmSync(model, { recursive: true });
}

function command(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString())
        : reject(new Error(`serial-oe ${args.join(' ')}: exit code ${code}`)),
    );
  });
}

function nameOf({ type, seed, variant }) {
  return `${type}-${variant.name}-${seed}`;
}

function resultFile(job) {
  return join(values.out, `${nameOf(job)}.json`);
}

function table() {
  const lines = ['| type | variant | AUC | pAUC | aAUC | mAUC |', '|---|---|---|---|---|---|'];
  for (const type of types) {
    for (const variant of VARIANTS) {
      const figures = seeds.map((seed) => {
        const { summary } = JSON.parse(readFileSync(resultFile({ type, seed, variant }), 'utf8'));
        return summary.perType[0];
      });
      const cells = ['auc', 'pAuc', 'aAuc', 'mAuc'].map((key) =>
        meanAndSpread(figures.map((each) => each[key] * 100)),
      );
      lines.push(`| ${type} | ${variant.title} | ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

/** Mean and sample standard deviation over the seeds, per cent. */
function meanAndSpread(percent) {
  const mean = percent.reduce((sum, value) => sum + value, 0) / percent.length;
  const squares = percent.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = percent.length > 1 ? Math.sqrt(squares / (percent.length - 1)) : 0;
  return `${mean.toFixed(1)} ± ${spread.toFixed(1)}`;
}
