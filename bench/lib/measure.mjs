import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError, ROOT, runNode } from '../../tools/workspace/run-command.mjs';
import { Contender } from './contender.mjs';
import { contenderEnvironment } from './peer-environments.mjs';
import { agree, median } from './statistics.mjs';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** Writes what the named measurements read into a folder. */
export async function writeInputs(folder, names) {
  const script = join(BENCH, 'ours', 'write-inputs.mjs');
  const exitCode = await runNode([script, folder, ...names], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (exitCode !== 0) throw new CommandError('bench/ours/write-inputs.mjs', exitCode);
}

/**
 * One measurement: ours and the peers as processes that take turns.
 *
 * @param peers as `choosePeers` gives them
 * @param clock 'wall', or 'cpu' for processor time
 * @returns `{ ours, peers }` with the median, or the peak memory, as `value`; peers in the order given
 * @throws where a contender fails, or where a peer's result is not ours
 */
export async function compare(measurement, { peers, inputs, threads, turns, clock = 'wall' }) {
  const shared = { ...contenderEnvironment(threads), SERIAL_OE_BENCH_CLOCK: clock };
  const scripts = [
    { label: 'ours', command: process.execPath, script: join(BENCH, 'ours', measurement.script) },
    ...peers.map((peer) => ({ ...peer, command: peer.python, script: join(BENCH, 'peers', peer.script) })),
  ];
  const entries = [];
  try {
    for (const { label, target, fastestOf, env = {}, command, script } of scripts) {
      const contender = new Contender(label, command, {
        args: [script, inputs, ...(measurement.args ?? [])],
        env: { ...shared, ...env },
      });
      entries.push({ label, target, fastestOf, contender, times: [] });
      entries.at(-1).check = await contender.ready();
    }
    checkSameWork(measurement, entries);
    for (let turn = 0; turn < turns; turn++) {
      for (const { contender, times } of entries)
        times.push(...(await contender.measure(measurement.runsPerTurn)));
    }
    const measured = [];
    for (const { contender, times, label, target, fastestOf } of entries) {
      const peakMB = await contender.close();
      measured.push({ label, target, fastestOf, value: measurement.unit === 'MB' ? peakMB : median(times) });
    }
    return { ours: measured[0], peers: quotedPeers(measured.slice(1)) };
  } finally {
    for (const { contender } of entries) contender.kill();
  }
}

/** Of peers that are one tool set up in several ways (`fastestOf`), the best. */
export function quotedPeers(peers) {
  const isBeaten = ({ fastestOf, value }, i) =>
    fastestOf !== undefined &&
    peers.some((other, k) => {
      return other.fastestOf === fastestOf && (other.value < value || (other.value === value && k < i));
    });
  return peers.filter((peer, i) => !isBeaten(peer, i));
}

/** Wall time of `npm run demo`'s job, without installing and building, ms. */
export function measureDemo() {
  const out = mkdtempSync(join(tmpdir(), 'serial-oe-bench-demo-'));
  try {
    const start = performance.now();
    const script = join(ROOT, 'tools', 'demo', 'run-demo.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--out', out], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      maxBuffer: Infinity, // it tells its progress there
    });
    if (status !== 0) throw new CommandError('tools/demo/run-demo.mjs', status ?? 1, stderr.slice(-4000));
    return performance.now() - start;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function checkSameWork({ name, tolerance }, [ours, ...peers]) {
  for (const { label, check } of peers) {
    if (agree(ours.check, check, tolerance)) continue;
    throw new Error(
      `bench: ${label} must compute what ours computes in ${name}, got ${check} where ours is ${ours.check}.`,
    );
  }
}
