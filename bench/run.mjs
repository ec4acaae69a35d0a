// `npm run bench`: each job against its peers, in turns, with the same number of threads.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildPackages } from '../tools/workspace/build-packages.mjs';
import { ensureInstalled } from '../tools/workspace/ensure-installed.mjs';
import { ROOT, runAsMain } from '../tools/workspace/run-command.mjs';
import { describeMachine } from './lib/machine.mjs';
import { compare, measureDemo, writeInputs } from './lib/measure.mjs';
import { choosePeers, MEASUREMENTS } from './lib/measurements.mjs';
import { MIN_TURNS, parseOptions } from './lib/options.mjs';
import { findPeerEnvironments } from './lib/peer-environments.mjs';
import { checkRows, toRow } from './lib/results.mjs';
import { renderTable, replaceGenerated } from './lib/table.mjs';

const RESULTS = join(ROOT, 'bench', 'results.json');
const PAGE = join(ROOT, 'docs', 'performance.md');
const NAMES = MEASUREMENTS.map(({ name }) => name);

const HELP = `npm run bench                   everything; writes bench/results.json and the table in docs/performance.md
npm run bench -- OPTIONS
  --only NAME,..   of ${NAMES.join(', ')}
  --threads N,..   threads of ours and of the peers, default 1
  --runs N         turns of each contender, default ${MIN_TURNS}
  --clock cpu      processor time instead of the wall's, for a machine that does other work too; all threads together
  --no-peers       ours alone
  --out FILE       write the rows there; neither bench/results.json nor the table changes
  --write          write both even if the run is not complete: not everything, fewer than ${MIN_TURNS} turns, another clock, or no peers
  --no-build       measure the packages as they were built last
Peers: docs/performance.md says how to install them. Leave the machine alone while it runs, some minutes.`;

await runAsMain(async (args) => {
  const options = parseOptions(args, NAMES);
  if (options.isHelp) {
    console.log(HELP);
    return 0;
  }
  if (options.isBuilt) {
    await ensureInstalled();
    await buildPackages('@serial-oe/cli');
  }
  const machine = { ...describeMachine(), turns: options.turns };
  const environments = options.hasPeers ? findPeerEnvironments() : {};
  const inputs = mkdtempSync(join(tmpdir(), 'serial-oe-bench-'));
  try {
    await writeInputs(inputs, options.names);
    const { measured, notes } = await measureAll(options, { environments, inputs });
    const rows = measured.map(({ row }) => row);
    checkRows(rows);
    const table = renderTable(measured, { machine, notes });
    console.log(table);
    write({ rows, table }, options);
  } finally {
    rmSync(inputs, { recursive: true, force: true });
  }
  return 0;
});

/** Entries for `renderTable`, and what could not be measured in words. */
async function measureAll({ names, threads, turns, clock, hasPeers }, { environments, inputs }) {
  const measured = [];
  const notes = [];
  const tell = ({ note, remedy }) => {
    notes.push(note);
    console.error(`  ${note}.${remedy ? ` ${remedy}` : ''}`);
  };
  for (const measurement of MEASUREMENTS.filter(({ name }) => names.includes(name))) {
    console.error(`${measurement.name} ...`);
    if (measurement.name === 'demo') {
      measured.push(demoEntry(measurement));
      continue;
    }
    const { chosen: peers, absent } = hasPeers
      ? choosePeers(measurement, environments)
      : { chosen: [], absent: [] };
    absent.forEach(tell);
    for (const nThreads of threads) {
      if (nThreads > measurement.maxThreads) {
        tell({
          note: `${measurement.name} with ${nThreads} threads, since ours uses ${measurement.maxThreads}`,
        });
        continue;
      }
      const results = await compare(measurement, { peers, inputs, threads: nThreads, turns, clock });
      measured.push(...entries(measurement, nThreads, results));
    }
  }
  return { measured, notes };
}

/** One entry a peer; one of ours alone where there is none. */
function entries(measurement, threads, { ours, peers }) {
  const { work } = measurement;
  if (peers.length === 0) return [{ work, row: toRow(measurement, { threads, ours }) }];
  return peers.map((peer) => ({
    work,
    target: peer.target,
    row: toRow(measurement, { threads, ours, peer }),
  }));
}

/** The demo takes all cores. */
function demoEntry(measurement) {
  const { work, targetMs } = measurement;
  const ours = { value: measureDemo() };
  return { work, targetMs, row: toRow(measurement, { threads: availableParallelism(), ours }) };
}

function write({ rows, table }, { outFile, isComplete, isWritten }) {
  const json = `${JSON.stringify(rows, null, 2)}\n`;
  if (outFile !== undefined) {
    writeFileSync(resolve(outFile), json);
  } else if (isComplete || isWritten) {
    writeFileSync(RESULTS, json);
    writeFileSync(PAGE, replaceGenerated(readFileSync(PAGE, 'utf8'), table));
    console.error('Wrote bench/results.json and the table in docs/performance.md.');
  } else {
    console.error('Nothing written, since the run was not complete (--write or --out FILE write it anyway).');
  }
}
