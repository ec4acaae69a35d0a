// Where the time of a measurement goes: `node bench/profile.mjs train-step`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from '../tools/workspace/build-packages.mjs';
import { ensureInstalled } from '../tools/workspace/ensure-installed.mjs';
import { ROOT, runAsMain } from '../tools/workspace/run-command.mjs';
import { writeInputs } from './lib/measure.mjs';
import { MEASUREMENTS } from './lib/measurements.mjs';
import { contenderEnvironment } from './lib/peer-environments.mjs';
import { sharesOf } from './lib/profile-shares.mjs';

/** Functions that are listed. */
const N_FUNCTIONS = 20;

const PROFILED = MEASUREMENTS.filter(({ script }) => script !== undefined);
const NAMES = PROFILED.map(({ name }) => name);

const HELP = `node bench/profile.mjs NAME   shares of the time of ours by kind of work and by function, one thread
  NAME             of ${NAMES.join(', ')}
  --runs N         runs that are profiled, after a warm-up; default 10
  --no-build       profile the packages as they were built last
Shares are of time with the profiler on, which slows JavaScript more than kernels. Other work on the machine delays all alike.`;

await runAsMain(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '10' },
      'no-build': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const measurement = PROFILED.find(({ name }) => name === positionals[0]);
  if (measurement === undefined || positionals.length > 1 || !/^[1-9]\d*$/.test(values.runs)) {
    console.error(HELP);
    return 2;
  }
  if (!values['no-build']) {
    await ensureInstalled();
    await buildPackages('@serial-oe/cli');
  }
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-profile-'));
  try {
    await writeInputs(folder, [measurement.name]);
    printShares(profile(measurement, { folder, runs: values.runs }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
});

/** The profile of some runs of a contender of ours, as V8 gives it. */
function profile({ script, args = [], name }, { folder, runs }) {
  const file = join(folder, 'profile.json');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['--import', join(ROOT, 'bench', 'lib', 'name-wasm.mjs')],
      ...[join(ROOT, 'bench', 'ours', script), folder, ...args],
    ],
    {
      input: `${runs}\n`,
      env: { ...contenderEnvironment(1), SERIAL_OE_BENCH_PROFILE: file },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`bench: ${name} stopped with exit code ${status}.\n${stderr.trim()}`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function printShares(shares) {
  const { byKind, byFunction } = sharesOf(shares);
  const percent = (share) => `${(100 * share).toFixed(1).padStart(6)} %`;
  for (const { name, share } of byKind) console.log(`${percent(share)}  ${name}`);
  console.log('\nby function');
  for (const { name, share } of byFunction.slice(0, N_FUNCTIONS)) console.log(`${percent(share)}  ${name}`);
}
